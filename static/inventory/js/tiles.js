// What a tile stands for, and which store lies under a point: shared by what drags, selects and marks tiles.
window.tiles = (() => {
  const columnOf = (element) => element?.closest?.("[data-column]")?.dataset.column;
  const headerOf = (column) => document.querySelector(`#stores .store-header[data-column="${column}"]`);
  // A character's id, "vault", or "account" for what all characters share.
  const storeOf = (column) => (column === "account" ? column : headerOf(column)?.dataset.store);
  const columnOfStore = (store) => document.querySelector(`#stores .store-header[data-store="${CSS.escape(store)}"]`)?.dataset.column;
  // As the site reads it: an instance id, or a stack as hash@store.
  const referenceOf = (tile) => {
    const [, hash, id] = tile.getAttribute("href").match(/^\/items\/(?:stack\/(\d+)|(\d+))\//) ?? [];
    return id ?? `${hash}@${storeOf(columnOf(tile))}`;
  };
  const all = () => document.querySelectorAll("#stores .tile");
  // The whole height of a column belongs to its store, also where it has no tiles.
  const columnAt = (x, target) => {
    const own = columnOf(target);
    if (own && own !== "account") return own;
    for (const header of document.querySelectorAll("#stores .store-header[data-store]")) {
      const { left, right } = header.getBoundingClientRect();
      if (x >= left - 8 && x <= right + 8) return header.dataset.column;
    }
    return undefined;
  };
  return { all, columnAt, columnOf, columnOfStore, referenceOf, storeOf };
})();
