// Writes moments in the visitor's own time zone and manner; without scripts they say that they are UTC. `data-clock` is
// the time of day alone, to the second.
(() => {
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const written = new Intl.DateTimeFormat(undefined, {
    weekday: "long", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  const write = (part) => {
    for (const time of part.querySelectorAll("time.local-time")) {
      time.title ||= time.textContent;
      time.textContent = ("clock" in time.dataset ? clock : written).format(new Date(time.dateTime));
    }
  };
  write(document);
  document.addEventListener("htmx:afterSwap", (event) => write(event.target));
})();
