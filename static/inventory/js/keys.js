// The shortcuts: one list, from which both what a key does and the overlay on "?" are made. None while somebody types.
(() => {
  const group = (id) => () => {
    const target = document.getElementById(id);
    if (!target) return;
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  };
  const store = (column) => () => {
    const choice = document.getElementById(`show-${column}`);
    if (choice) choice.checked = true;
    const tiles = document.querySelectorAll(`#stores [data-column="${column}"] .tile`);
    [...tiles].find((tile) => tile.checkVisibility())?.focus();
  };
  const menu = (word) => () => {
    const found = [...document.querySelectorAll("#selection:not([hidden]) details")].find((each) => each.textContent.startsWith(word));
    if (!found) return;
    found.open = true;
    found.querySelector("button").focus();
  };
  const press = (selector) => () => document.querySelector(selector)?.click();
  const SHORTCUTS = [
    { keys: "/", says: "Filter the items", does: () => document.querySelector(".filter-words").focus() },
    { keys: "r", says: "Refresh from Bungie", does: () => document.querySelector(".refresh").click() },
    { keys: "1", says: "First character", does: store("1") },
    { keys: "2", says: "Second character", does: store("2") },
    { keys: "3", says: "Third character", does: store("3") },
    { keys: "v", says: "Vault", does: store("vault") },
    { keys: "g p", says: "Postmaster", does: group("postmaster") },
    { keys: "g w", says: "Weapons", does: group("weapons") },
    { keys: "g a", says: "Armor", does: group("armor") },
    { keys: "g g", says: "General", does: group("general") },
    { keys: "g i", says: "Inventory", does: group("inventory") },
    { keys: "g m", says: "Materials", does: group("materials") },
    { keys: "← ↑ → ↓", says: "From item to item" },
    { keys: "Enter", says: "Open the item" },
    { keys: "x", says: "Select the item, or no longer; Space does, too" },
    { keys: "m", says: "Move what is selected", does: menu("Move") },
    { keys: "e", says: "Equip what is selected", does: menu("Equip") },
    { keys: "l", says: "Lock what is selected", does: press("#selection:not([hidden]) [value=lock]") },
    { keys: "u", says: "Unlock what is selected", does: press("#selection:not([hidden]) [value=unlock]") },
    { keys: "p", says: "Pull what is selected from the postmaster", does: press("#selection:not([hidden]) [value=pull]:not([hidden])") },
    { keys: "c", says: "Cancel the transfer at work", does: press("#progress form[action$='/cancel/'] button") },
    { keys: "z", says: "Undo the transfer that just ended, after its plan", does: press("#progress form[action$='/undo/'] button") },
    { keys: "Escape", says: "Clear the filter or the selection, close what is open" },
    { keys: "?", says: "These shortcuts", does: () => overlay().showModal() },
  ];

  const element = (name, content, more) => {
    const made = Object.assign(document.createElement(name), more);
    made.append(...[content].flat());
    return made;
  };
  let made;
  const overlay = () => {
    if (made) return made;
    const rows = SHORTCUTS.map(({ keys, says }) => element("div", [
      element("dt", keys.split(" ").map((key) => element("kbd", key))), element("dd", says),
    ]));
    const close = element("form", element("button", "Close"), { method: "dialog" });
    made = element("dialog", [element("h2", "Keyboard", { id: "shortcuts-title" }), element("dl", rows), close], { className: "shortcuts" });
    made.setAttribute("aria-labelledby", "shortcuts-title");
    made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
    document.body.append(made);
    return made;
  };

  let first = "";
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input:not([type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Shift") return;
    const pressed = first + event.key;
    first = "";
    const found = SHORTCUTS.find(({ keys, does }) => does && keys === pressed);
    if (found) {
      event.preventDefault();
      found.does();
    } else if (SHORTCUTS.some(({ keys }) => keys.startsWith(`${event.key} `))) {
      first = `${event.key} `;
    }
  });

  const opener = element("button", "?", { className: "small shortcuts-open", title: "Keyboard shortcuts (?)", type: "button" });
  opener.setAttribute("aria-label", "Keyboard shortcuts");
  opener.addEventListener("click", () => overlay().showModal());
  document.querySelector(".age")?.after(opener);
})();
