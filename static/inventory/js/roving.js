// Tab goes from bucket to bucket, the arrows from tile to tile.
(() => {
  const tilesOf = (bucket) => [...bucket.querySelectorAll(".tile")];
  const enter = (tile) => {
    for (const each of tilesOf(tile.closest(".bucket"))) each.tabIndex = each === tile ? 0 : -1;
  };
  const start = () => { for (const bucket of document.querySelectorAll(".bucket")) tilesOf(bucket).slice(0, 1).forEach(enter); };

  const middle = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
  const ways = {
    ArrowLeft: ({ x, y }) => (x < 0 ? -x + 20 * Math.abs(y) : Infinity),
    ArrowRight: ({ x, y }) => (x > 0 ? x + 20 * Math.abs(y) : Infinity),
    ArrowUp: ({ x, y }) => (y < -20 ? -y + 4 * Math.abs(x) : Infinity),
    ArrowDown: ({ x, y }) => (y > 20 ? y + 4 * Math.abs(x) : Infinity),
  };
  const nearest = (tile, far) => {
    const here = middle(tile.getBoundingClientRect());
    let best = null, least = Infinity;
    for (const each of document.querySelectorAll("#stores .tile:not(.tile--out)")) {
      if (each === tile || !each.checkVisibility()) continue;
      const there = middle(each.getBoundingClientRect());
      const distance = far({ x: there.x - here.x, y: there.y - here.y });
      if (distance < least) [best, least] = [each, distance];
    }
    return best;
  };

  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.(".tile");
    if (!tile || !ways[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    nearest(tile, ways[event.key])?.focus();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".bucket .tile")) enter(event.target);
  });
  document.addEventListener("htmx:afterSwap", start);
  start();
})();
