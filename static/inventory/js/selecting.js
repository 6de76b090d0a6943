// Several tiles at once: ctrl, cmd or shift and a click, x or space, a long press, or the button that makes every tap select.
// What is selected stays so while the page becomes newer; the bar at the bottom says what to do with it.
(() => {
  const bar = document.getElementById("selection");
  if (!bar) return;
  const { all, referenceOf } = window.tiles;
  const chosen = new Set();
  const count = bar.querySelector(".selection-count");
  const pull = bar.querySelector("[value=pull]"); // there while something at the postmaster is selected
  const mode = document.getElementById("select-mode");
  let last = null, held = 0, justHeld = false;

  const show = () => {
    let isLost = false;
    for (const tile of all()) {
      const is = chosen.size > 0 && chosen.has(referenceOf(tile));
      tile.classList.toggle("tile--selected", is);
      if (is) tile.setAttribute("aria-description", "selected"); else tile.removeAttribute("aria-description");
      if (is && tile.closest("#postmaster .bucket--slots")) isLost = true;
    }
    bar.hidden = !chosen.size;
    pull.hidden = !isLost;
    bar.elements.items.value = [...chosen].join(",");
    const off = document.getElementById("age")?.dataset.actionsOff;
    for (const button of bar.querySelectorAll("[name=do]")) { button.disabled = Boolean(off); button.title = off ?? ""; }
    const words = chosen.size ? `${chosen.size} selected${off ? `. ${off}` : ""}` : "";
    if (count.textContent !== words) count.textContent = words;
  };
  const set = (tile, is) => { chosen[is ? "add" : "delete"](referenceOf(tile)); last = tile; };
  const toggle = (tile) => { set(tile, !chosen.has(referenceOf(tile))); show(); };
  const upTo = (tile) => {
    const tiles = [...all()].filter((each) => each.checkVisibility() && !each.classList.contains("tile--out"));
    const from = tiles.findIndex((each) => last && referenceOf(each) === referenceOf(last)), to = tiles.indexOf(tile);
    for (const each of from < 0 ? [tile] : tiles.slice(Math.min(from, to), Math.max(from, to) + 1)) set(each, true);
    last = tile;
    show();
  };
  // Who pressed a key of the bar goes on from the tile that was marked last, wherever it is by then.
  const goOn = () => {
    const tile = last && [...all()].find((each) => referenceOf(each) === referenceOf(last));
    if (bar.contains(document.activeElement)) tile?.focus();
  };
  const clear = () => {
    goOn();
    for (const each of bar.querySelectorAll("details")) each.open = false;
    chosen.clear();
    last = null;
    setMode(false);
    show();
  };
  const isMode = () => mode?.getAttribute("aria-pressed") === "true";
  const setMode = (on) => mode?.setAttribute("aria-pressed", on);

  document.addEventListener("click", (event) => {
    const tile = event.target.closest?.("#stores .tile");
    if (!tile || event.button !== 0) return;
    if (!justHeld && !(event.ctrlKey || event.metaKey || event.shiftKey || isMode())) return;
    event.preventDefault();
    if (justHeld) { justHeld = false; return; }
    if (event.shiftKey) upTo(tile); else toggle(tile);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const tile = event.target.closest?.("#stores .tile");
    if (tile && (event.key === "x" || event.key === " ")) { event.preventDefault(); toggle(tile); }
    if (event.key === "Escape" && chosen.size && !event.target.matches?.("input, select, summary")) clear();
  });
  // A press that lasts selects, where a finger cannot hold ctrl, and so does every tap from then on.
  const stop = () => { clearTimeout(held); };
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest?.("#stores .tile");
    justHeld = false;
    if (!tile || event.pointerType !== "touch") return;
    stop();
    held = setTimeout(() => { justHeld = true; setMode(true); toggle(tile); }, 450);
  });
  for (const end of ["pointerup", "pointercancel", "scroll"]) document.addEventListener(end, stop, { passive: true });
  document.addEventListener("contextmenu", (event) => { if (justHeld && event.target.closest?.("#stores .tile")) event.preventDefault(); });

  mode?.addEventListener("click", () => { if (isMode()) clear(); else setMode(true); });
  bar.querySelector("[data-clear]").addEventListener("click", clear);
  document.addEventListener("transfers:queued", clear);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "stores" && chosen.size) show(); });
  window.tiles.selected = () => [...chosen];
})();
