// Drags tiles from store to store: onto what is worn there to wear it, anywhere else in a column to carry it there.
(() => {
  const { columnAt, columnOf, referenceOf, storeOf } = window.tiles;
  let dragged = null, missed = false;

  const stores = () => document.getElementById("stores");
  const mark = (column, equip) => {
    for (const each of document.querySelectorAll("#stores .drop-here")) each.classList.remove("drop-here");
    if (!column) return;
    for (const each of document.querySelectorAll(`#stores [data-column="${column}"]`)) if (!equip || each === equip) each.classList.add("drop-here");
  };
  const row = (element) => element.closest(".bucket-row");
  // The place under the pointer, if what is dragged means something there.
  const aimed = (event) => {
    const inside = event.target.closest?.("#stores");
    const column = inside && columnAt(event.clientX, event.target);
    if (!column || !storeOf(column)) return null;
    const worn = event.target.closest?.(".bucket-equipped");
    const equip = worn && dragged.tiles.length === 1 && row(worn) === row(dragged.tiles[0]) ? worn.closest(".bucket") : null;
    if (column === dragged.column && !equip && !dragged.isLost && !dragged.isWorn) return null;
    return { column, equip, to: storeOf(column) };
  };
  const orderOf = ({ equip, to, column }) => {
    if (equip) return { action: "equip", to };
    return dragged.isLost && column === dragged.column ? { action: "pull" } : { action: "move", to };
  };

  document.addEventListener("dragstart", (event) => {
    const tile = event.target.closest?.("#stores .tile");
    if (!tile) return;
    const own = referenceOf(tile);
    const selected = window.tiles.selected?.() ?? [];
    const items = selected.includes(own) ? selected : [own];
    dragged = {
      items, tiles: items.length > 1 ? [...document.querySelectorAll("#stores .tile--selected")] : [tile], column: columnOf(tile),
      isLost: Boolean(tile.closest("#postmaster")), isWorn: Boolean(tile.closest(".bucket-equipped")),
    };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", items.join(","));
    event.dataTransfer.setDragImage(tile, tile.offsetWidth / 2, tile.offsetHeight / 2);
    stores().classList.add("dragging");
    for (const each of dragged.tiles) each.classList.add("tile--dragged");
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const aim = aimed(event);
    mark(aim?.column, aim?.equip);
    if (aim) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; }
  });
  document.addEventListener("drop", (event) => {
    const aim = dragged && aimed(event);
    if (!aim) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("transfers:ask", { detail: { items: dragged.items.join(","), ...orderOf(aim) } }));
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    for (const each of dragged.tiles) each.classList.remove("tile--dragged");
    dragged = null;
    stores().classList.remove("dragging");
    mark();
    if (missed) document.dispatchEvent(new CustomEvent("transfers:moved"));
    missed = false;
  });
  // What is being dragged must not be taken from under the pointer by a newer page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!dragged || event.detail.target.id !== "stores") return;
    event.detail.shouldSwap = false;
    missed = true;
  });
})();
