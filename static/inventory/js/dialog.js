// Opens an item's page over the inventory: the address bar names the item, Back and Escape close it again.
(() => {
  const dialog = document.getElementById("item-dialog");
  const inside = document.getElementById("item-inside");
  const home = location.pathname;
  // An item's own page has nothing to lay over; it is also what a reload of an open dialog leads to.
  const bare = !dialog?.showModal || !window.htmx || document.querySelector("main article.item");

  const load = (href, name) => {
    const waiting = Object.assign(document.createElement("p"), { className: "item-waiting", textContent: `${name} …` });
    waiting.setAttribute("role", "status");
    inside.replaceChildren(waiting);
    dialog.setAttribute("aria-label", name);
    dialog.querySelector("[data-page]").href = href;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    htmx.ajax("GET", href, { source: inside, target: inside, swap: "innerHTML" });
  };
  const depth = () => history.state?.itemDepth ?? 0;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a.tile[href^="/items/"], #item-inside .item-copies a[href^="/items/"]:not([href$="/compare/"])');
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (bare || !link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    const name = (link.getAttribute("aria-label") ?? link.textContent).split(",\n")[0].trim();
    history.pushState({ itemDepth: depth() + 1, itemName: name }, "", link.href);
    load(link.href, name);
  });
  window.addEventListener("popstate", () => {
    if (bare) {
      if (location.pathname !== home) location.reload();
    } else if (depth()) {
      load(location.href, history.state.itemName);
    } else {
      dialog.close();
    }
  });
  if (bare) return;

  dialog.addEventListener("close", () => {
    inside.replaceChildren();
    if (depth()) history.go(-depth());
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  // What is no item's inside (an error, a lost line) gets the whole window, and with it words and a way on.
  const leave = () => { if (dialog.open) location.reload(); };
  inside.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== inside) return;
    if (event.detail.xhr.status !== 200) { event.detail.shouldSwap = false; leave(); }
  });
  inside.addEventListener("htmx:sendError", leave);
})();
