// A picture that cannot be fetched gives way to what a tile without one shows: initials on the tier's colour.
(() => {
  const initials = (label) => label.split(",\n")[0].split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  const giveWay = (picture) => {
    const tile = picture.closest(".tile");
    if (!tile) { picture.classList.add("picture-missing"); return; }
    picture.replaceWith(Object.assign(document.createElement("b"), { textContent: initials(tile.getAttribute("aria-label")) }));
  };
  document.addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) giveWay(event.target); }, true);
  for (const picture of document.images) if (picture.complete && picture.currentSrc && !picture.naturalWidth) giveWay(picture);
})();
