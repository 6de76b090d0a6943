// A menu is a <details>, which opens without scripts; this closes it again on Escape and on a click elsewhere.
(() => {
  const close = (menu) => { menu.open = false; };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { close(menu); menu.querySelector("summary").focus(); }
  });
})();
