// Asks for newer items when somebody comes back to the page, and puts them into it without moving what is being looked at.
(() => {
  const FRESH_SECONDS = 30;
  const age = () => document.getElementById("age");

  // Both moments are the server's, so that a clock that is wrong here does not matter.
  let shownAt = Date.now();
  const secondsSince = (moment) => (Date.parse(age().dataset.now) - Date.parse(moment) + Date.now() - shownAt) / 1000;
  const words = (seconds) => {
    for (const [name, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
      const count = Math.floor(seconds / length);
      if (count) return `${count}\u00a0${name}${count > 1 ? "s" : ""} ago`;
    }
    return "just now";
  };
  const tell = () => {
    const time = age()?.querySelector("time");
    const said = time && words(secondsSince(time.dateTime));
    if (said && said !== time.textContent) time.textContent = said;
  };
  const ask = () => {
    if (!age() || document.visibilityState !== "visible") return;
    tell();
    if (secondsSince(age().dataset.asked) >= FRESH_SECONDS) refresh();
  };
  // What asks stays on the page, whatever is put into it meanwhile: the answer to an element that is gone is lost.
  const refresh = () => htmx.trigger(document.querySelector(".age .refresh"), "stale");
  let later;
  const goOn = () => {
    clearTimeout(later);
    const seconds = age()?.dataset.again;
    if (seconds) later = setTimeout(refresh, seconds * 1000);
  };
  document.addEventListener("visibilitychange", ask);
  addEventListener("focus", ask);
  setInterval(tell, 10_000);

  // What is open, focused and on the screen stays so.
  const path = (element) => {
    if (!element || element === document.body) return "";
    if (element.id) return `#${CSS.escape(element.id)}`;
    const href = element.getAttribute("href");
    if (href && element.closest("#stores")) return `#stores [href="${CSS.escape(href)}"]`;
    return element.matches("#stores .group > summary") ? `${path(element.parentElement)} > summary` : "";
  };
  let before = null;
  const remember = () => {
    before = {
      focus: path(document.activeElement),
      open: new Map([...document.querySelectorAll("#stores details[id]")].map((each) => [each.id, each.open])),
      top: document.getElementById("stores").getBoundingClientRect().top,
    };
  };
  const restore = () => {
    if (!before) return;
    for (const [id, open] of before.open) {
      const group = document.getElementById(id);
      if (group) group.open = open;
    }
    if (before.focus && !document.activeElement?.matches(before.focus)) {
      document.querySelector(before.focus)?.focus({ preventScroll: true });
    }
    const moved = document.getElementById("stores").getBoundingClientRect().top - before.top; // by a notice above it
    if (moved && scrollY) scrollBy({ top: moved, behavior: "instant" });
    before = null;
  };
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "stores") remember(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    restore();
    if (event.target.id !== "stores") return;
    shownAt = Date.now();
    goOn();
  });
  document.addEventListener("DOMContentLoaded", goOn);
})();
