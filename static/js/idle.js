// Warns before an unused session ends, and leaves the page when it has: nothing private stays on the screen.
// The seconds come from the server, which is the one that ends it; without this file it ends all the same.
(() => {
  const bar = document.querySelector("[data-stay]");
  if (!bar) return;
  const { warns, ends, mark } = bar.dataset;
  const windows = new BroadcastChannel("mission1000.session"); // one window used keeps the person's others
  let warning, end, asking = false;

  const leave = () => {
    document.dispatchEvent(new Event("session:ends")); // keep.js keeps what is typed
    location.assign(location.pathname + location.search);
  };
  const begin = () => {
    clearTimeout(warning);
    clearTimeout(end);
    bar.hidden = true;
    warning = setTimeout(() => { bar.hidden = false; }, warns * 1000);
    end = setTimeout(leave, ends * 1000);
  };
  const stay = async () => {
    if (asking) return;
    asking = true;
    const answer = await fetch(bar.action, { method: "POST", body: new FormData(bar), redirect: "manual" }).catch(() => null);
    asking = false;
    if (!answer) return; // no network: the bar stays, the next key asks again
    if (!answer.ok) return leave();
    begin();
    windows.postMessage(mark);
  };

  bar.addEventListener("submit", (event) => { event.preventDefault(); stay(); });
  document.addEventListener("keydown", () => { if (!bar.hidden) stay(); });
  windows.addEventListener("message", (event) => { if (event.data === mark) begin(); });
  windows.postMessage(mark);
  begin();
})();
