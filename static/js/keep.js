// What is typed is kept over a change of language, over the end of a session and where the proxy refused what was sent. Without this file the page's own "save"
// does; nothing else is lost. It is kept in this window only, for the same person and page only, and let go at the next page.
// Passwords, files and hidden fields are never kept. PAN (and the GSTIN that holds it), account number and mobile are stored
// sealed, so after the end of a session, when somebody else may sit here, they are typed again.
(() => {
  const KEY = "mission1000.typed";
  const NEVER = ["hidden", "password", "file", "submit", "button", "reset"];
  const SEALED = /(^|-)(pan|gstin|account_number|mobile|q)$/; // q: the desk's search, where a PAN may stand
  const mark = document.querySelector("[data-stay]")?.dataset.mark || ""; // whose window it is; empty: nobody is signed in
  const held = JSON.parse(sessionStorage.getItem(KEY) || "null");

  const choice = (field) => field.type === "radio" || field.type === "checkbox";
  const fields = () => [...document.querySelectorAll("main form[method=post]")]
    .flatMap((form) => [...form.elements])
    .filter((field) => field.name && field.id && !NEVER.includes(field.type));
  const put = (what) => sessionStorage.setItem(KEY, JSON.stringify(what));
  const keep = (why) => {
    if (held?.mark && !mark) return; // on the way through the sign-in: what waits goes first
    const typed = fields()
      .filter((field) => why === "language" || !SEALED.test(field.name))
      .map((field) => [field.id, choice(field) ? field.checked : field.value]);
    if (typed.length) put({ why, mark, path: location.pathname, typed });
  };

  document.querySelector("form[data-language]")?.addEventListener("submit", () => keep("language"));
  if (mark) {
    document.querySelector("main")?.addEventListener("submit", () => keep("sent"));
    document.addEventListener("session:ends", () => keep("ended"));
  }

  if (!held) return;
  if (held.mark && !mark && location.pathname.startsWith("/accounts/")) {
    if (document.querySelector("[data-session-ended]")) put({ ...held, why: "ended" });
    return;
  }
  if (document.querySelector("[data-not-received]")) { // the proxy took nothing of it: it waits for the page it was typed on
    put({ ...held, why: "refused" });
    return;
  }
  sessionStorage.removeItem(KEY);
  if (held.why === "sent" || held.path !== location.pathname || held.mark !== mark) return;
  const values = new Map(held.typed);
  for (const field of fields()) {
    if (!values.has(field.id)) continue;
    if (choice(field)) field.checked = values.get(field.id);
    else field.value = values.get(field.id);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
