// Sends what somebody asks for, by a form of [data-ask] or by the event "transfers:ask", and shows what comes of it:
// the job's line, the plan where other items would be moved, or why not. Without it the same forms lead to pages.
(() => {
  const said = document.getElementById("said");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const asked = new Set(); // just now: a click that came twice is one
  let dialog;

  const close = () => { for (const each of document.querySelectorAll("dialog[open]")) each.close(); };
  const element = (name, more) => Object.assign(document.createElement(name), more);

  const showPlan = (html) => {
    if (!dialog) {
      dialog = element("dialog", { className: "plan", id: "plan" });
      dialog.setAttribute("aria-label", "The plan");
      dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-close]")) dialog.close(); });
      document.body.append(dialog);
    }
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    dialog.querySelector(".primary")?.focus();
  };
  const say = (html) => {
    const place = document.querySelector("dialog[open] .said") ?? said; // what is behind a dialog is not seen
    const inside = element("div", { innerHTML: html });
    const away = element("button", { type: "button", className: "small", textContent: "Close" });
    away.addEventListener("click", () => { place.hidden = true; });
    place.replaceChildren(inside, away);
    place.classList.toggle("error", !inside.querySelector("[data-calm]"));
    place.hidden = false;
    if (place !== said) place.scrollIntoView({ block: "nearest" });
  };
  // A page came where a part was asked for: its heading and first words say why.
  const gist = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const words = [...page.querySelectorAll("main h1, main h1 ~ p")].slice(0, 2).map((each) => each.textContent);
    return element("p", { textContent: words.join(". ") || "The site did not answer. Nothing was moved; try again in a minute." }).outerHTML;
  };

  const isFirst = (address, body) => {
    const same = new URLSearchParams(body);
    same.delete("key");
    const what = `${address}?${same}`;
    if (asked.has(what)) return false;
    asked.add(what);
    setTimeout(() => asked.delete(what), 800);
    return true;
  };
  const send = async (address, body, near) => {
    if (!isFirst(address, body)) return;
    said.hidden = true;
    let reply, html;
    try {
      reply = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
      html = await reply.text();
    } catch {
      say("<p>The site could not be reached. Nothing was moved; try again in a moment.</p>");
      return;
    }
    if (reply.headers.has("HX-Redirect")) { location.href = reply.headers.get("HX-Redirect"); return; }
    if (reply.status === 202) {
      close();
      document.dispatchEvent(new CustomEvent("transfers:queued", { detail: html }));
    } else if (reply.status === 200) {
      showPlan(html);
    } else {
      if (near?.closest("dialog") === dialog) dialog?.close();
      say(html.includes("<!doctype") ? gist(html) : html);
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("[data-ask]")) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    if (body.has("key") && !body.has("confirmed")) body.set("key", key());
    send(form.getAttribute("action"), new URLSearchParams(body), form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-do]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("transfers:ask", { detail: { do: link.dataset.do } }));
  });
  document.addEventListener("transfers:ask", ({ detail }) => {
    const off = document.getElementById("age")?.dataset.actionsOff;
    if (off) { say(element("p", { textContent: off }).outerHTML); return; }
    send("/transfers/", new URLSearchParams({ key: key(), ...detail }));
  });
})();
