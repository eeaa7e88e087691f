// Changing the language keeps what is typed. Without this file the page's own "save" does; nothing else is lost.
// Kept in this tab only, for the one page load that follows. Passwords, files and hidden fields are never kept.
(() => {
  const KEY = "mission1000.typed";
  const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
  const fields = () => [...document.querySelectorAll("main form[method=post]")].flatMap((form) => [...form.elements].filter(kept));
  const choice = (field) => field.type === "radio" || field.type === "checkbox";

  document.querySelector("form[data-language]")?.addEventListener("submit", () => {
    const typed = fields().map((field) => [field.id, choice(field) ? field.checked : field.value]);
    if (typed.length) sessionStorage.setItem(KEY, JSON.stringify([location.pathname, typed]));
  });

  const [path, typed] = JSON.parse(sessionStorage.getItem(KEY) || "[]");
  sessionStorage.removeItem(KEY);
  if (path !== location.pathname) return;
  const values = new Map(typed);
  for (const field of fields()) {
    if (!values.has(field.id)) continue;
    if (choice(field)) field.checked = values.get(field.id);
    else field.value = values.get(field.id);
  }
})();
