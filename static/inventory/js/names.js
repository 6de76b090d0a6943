// Shows a tile's name, which it carries for screen readers, to those who point at it, or reach it by keyboard.
(() => {
  const note = document.createElement("div");
  note.className = "tile-name";
  note.hidden = true;
  note.setAttribute("aria-hidden", "true");
  document.body.append(note);

  const show = (tile) => {
    tile.removeAttribute("title"); // or the browser's own note would come on top of this one
    const [name, type = "", facts = ""] = tile.getAttribute("aria-label").split(",\n");
    const rest = [type, ...facts.split(", ")].filter(Boolean).join(" · ");
    note.replaceChildren(Object.assign(document.createElement("b"), { textContent: name }), rest);
    note.hidden = false;
    const place = tile.getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left), innerWidth - note.offsetWidth - 8);
    const above = place.top - note.offsetHeight - 8;
    note.style.left = `${left}px`;
    note.style.top = `${above > 60 ? above : place.bottom + 8}px`;
  };
  const hide = () => { note.hidden = true; };
  const follow = (event) => {
    const tile = event.target.closest?.(".tile[aria-label]");
    if (tile) show(tile); else hide();
  };
  if (matchMedia("(hover: hover)").matches) document.addEventListener("mouseover", follow);
  document.addEventListener("click", hide);
  document.addEventListener("dragstart", hide);
  document.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) follow(event); });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
