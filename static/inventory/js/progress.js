// The line at the bottom of every page while a transfer goes on. It asks when the page comes into view, then about once
// a second as long as there is something to tell, and lets other scripts know of what has moved.
(() => {
  const box = document.getElementById("progress");
  if (!box) return;
  const moved = new Map(); // by job, how far it was when last seen
  let later, asking = false, soon = 0; // most moves are done before a second has passed

  const isRead = (job) => job.matches(":hover") || job.contains(document.activeElement); // so it stays for now
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  // Only what says something new is replaced: a button keeps its focus, and nothing is read out twice.
  const update = (old, fresh) => {
    old.className = fresh.className;
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const place = old.querySelector(`[data-part="${part.dataset.part}"]`);
      if (place.innerHTML !== part.innerHTML) place.innerHTML = part.innerHTML;
    }
  };
  const show = (root) => {
    const told = new Map([...root?.children ?? []].map((job) => [job.dataset.job, job]));
    const shown = new Map([...box.children].map((job) => [job.dataset.job, job]));
    for (const [id, job] of shown) if (!told.has(id) && (root || !isRead(job))) job.remove();
    [...told].forEach(([id, job], place) => {
      const line = shown.get(id) ?? job.cloneNode(true);
      if (shown.has(id)) update(line, job);
      if (box.children[place] !== line) box.insertBefore(line, box.children[place] ?? null);
    });
    let change = false;
    for (const [id, job] of told) {
      if (moved.get(id) !== job.dataset.moved) change = true;
      moved.set(id, job.dataset.moved);
    }
    const going = root?.dataset.going.split(" ").filter(Boolean).map((each) => each.split(":")) ?? [];
    tell("transfers:going", new Map(going));
    if (change) tell("transfers:moved");
  };
  const take = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const root = holder.content.querySelector("[data-seconds]");
    show(root);
    plan(root || box.children.length ? Number(root?.dataset.seconds ?? 2) : 0);
  };
  const plan = (seconds) => {
    clearTimeout(later);
    if (!seconds || document.visibilityState !== "visible") return;
    later = setTimeout(ask, soon > 0 ? 400 : seconds * 1000);
    soon -= 1;
  };
  const ask = async () => {
    if (asking) return;
    clearTimeout(later);
    asking = true;
    try {
      const reply = await fetch(box.dataset.href, { headers: { "HX-Request": "true" } });
      if (reply.ok) take(await reply.text()); else plan(5);
    } catch {
      plan(5);
    } finally {
      asking = false;
    }
  };

  document.addEventListener("transfers:queued", (event) => { soon = 3; take(event.detail); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
  addEventListener("focus", ask);
  addEventListener("pageshow", ask);
})();
