// Tells the site which groups a person opens and closes, so that the next page comes as they left this one.
(() => {
  const known = new Map(); // browsers tell of a group that comes open as if somebody had opened it
  const look = () => { for (const group of document.querySelectorAll(".group")) known.set(group.id, group.open); };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  look();

  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.(".group") || known.get(target.id) === target.open) return;
    known.set(target.id, target.open);
    if (target.id === "materials") return; // closed until somebody wants to count
    const body = new URLSearchParams({ group: target.id, folded: target.open ? "0" : "1" });
    fetch("/inventory/folds/", { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: true });
  }, true);

  // A way into a closed group opens it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const group = link && document.getElementById(link.hash.slice(1));
    if (group?.matches(".group")) group.open = true;
  });
  document.addEventListener("htmx:afterSwap", look);
})();
