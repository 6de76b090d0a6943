// Marks what is on its way: the tile that leaves is dimmed under a turning ring, and its place is held where it goes.
(() => {
  const { all, columnOfStore, referenceOf } = window.tiles;
  let going = new Map();

  const show = () => {
    for (const held of document.querySelectorAll("#stores .slot--held")) held.remove();
    for (const tile of document.querySelectorAll("#stores .tile--moving")) if (!going.has(referenceOf(tile))) tile.classList.remove("tile--moving");
    if (!going.size) return;
    for (const tile of all()) {
      const store = going.get(referenceOf(tile));
      if (!store) continue;
      tile.classList.add("tile--moving");
      const column = columnOfStore(store);
      const cell = tile.closest(".bucket-row").querySelector(`.bucket[data-column="${column}"]`);
      if (column && cell && !cell.contains(tile)) cell.querySelector(".bucket-items")?.append(Object.assign(document.createElement("i"), { className: "slot slot--held" }));
    }
  };
  document.addEventListener("transfers:going", (event) => {
    if (!event.detail.size && !going.size) return;
    going = event.detail;
    show();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "stores") show(); });
})();
