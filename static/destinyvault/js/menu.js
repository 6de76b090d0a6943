// A menu is a <details>, which opens without scripts; this closes it again on Escape and on a click elsewhere, and lets the
// arrows go from entry to entry.
(() => {
  const close = (menu) => { menu.open = false; };
  const step = (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu) return;
    event.preventDefault();
    const entries = [...menu.querySelectorAll(".menu-items :is(a, button)")].filter((each) => each.checkVisibility());
    const at = entries.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1;
    entries.at(next % entries.length)?.focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { step(event); return; }
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { close(menu); menu.querySelector("summary").focus(); }
  });
})();
