// Fades the tiles that are not what somebody types. For ?filter= in the address the server does the same
// (inventory/matching.py), so that it can be sent to a friend and needs no script.
(() => {
  const box = document.querySelector(".filter-words");
  const told = document.querySelector(".filter-count");
  let perks; // the names of all, and for each instance id the places in it; fetched once somebody comes to type
  let texts = new WeakMap();
  const home = location.pathname;
  let later;

  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = () => folded(box.value).split(/\s+/).filter(Boolean);
  // The one place that decides, so that a language of queries can take it over.
  const matches = (tile, words) => words.every((word) => textOf(tile).includes(word));

  const textOf = (tile) => {
    if (!texts.has(tile)) texts.set(tile, folded([...tile.getAttribute("aria-label").split(",\n"), ...perksOf(tile)].join("\n")));
    return texts.get(tile);
  };
  const perksOf = (tile) => {
    const id = tile.getAttribute("href")?.match(/\/items\/(\d+)\//)?.[1];
    return (perks?.items[id] ?? []).map((place) => perks.names[place]);
  };

  const apply = () => {
    const words = wanted();
    const tiles = document.querySelectorAll("#stores .tile");
    const found = {};
    let count = 0;
    for (const tile of tiles) {
      const is = matches(tile, words);
      tile.classList.toggle("tile--out", !is);
      if (!is) continue;
      count += 1;
      const { column } = tile.closest("[data-column]").dataset;
      found[column] = (found[column] ?? 0) + 1;
    }
    mark(words.length ? found : null);
    for (const group of document.querySelectorAll("#stores .group")) {
      const heading = group.querySelector(".count");
      if (heading && words.length) heading.dataset.found = group.querySelectorAll(".tile:not(.tile--out)").length;
      else delete heading?.dataset.found;
    }
    return words.length ? `${count.toLocaleString("en")} of ${tiles.length.toLocaleString("en")}` : "";
  };
  const mark = (found) => {
    for (const header of document.querySelectorAll(".store-header[data-column]")) {
      const tab = header.querySelector(".store-tab");
      if (found) tab.dataset.found = found[header.dataset.column] ?? 0; else delete tab.dataset.found;
    }
  };
  const follow = () => {
    const count = apply();
    clearTimeout(later);
    later = setTimeout(() => { told.textContent = count; remember(); }, 200); // not at every letter
  };
  const remember = () => {
    if (location.pathname !== home) return; // an item's, which lies over the page
    const here = new URL(location);
    if (box.value.trim()) here.searchParams.set("filter", box.value.trim()); else here.searchParams.delete("filter");
    history.replaceState(history.state, "", here);
  };

  const fetchPerks = async () => {
    if (perks) return;
    perks = { names: [], items: {} };
    try {
      const reply = await fetch(box.dataset.perks);
      perks = await reply.json();
      texts = new WeakMap();
      if (box.value) follow();
    } catch {
      perks = null; // names and types are found all the same; the next visit to the box tries again
    }
  };

  box.addEventListener("focus", fetchPerks);
  box.addEventListener("input", follow);
  box.form.addEventListener("submit", (event) => { event.preventDefault(); box.blur(); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (!box.value) return box.blur();
    box.value = "";
    follow();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "stores") return;
    perks = null;
    if (box.value) { follow(); fetchPerks(); }
  });
  if (box.value) { follow(); fetchPerks(); }
})();
