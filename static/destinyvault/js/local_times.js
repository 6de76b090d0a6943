// Writes moments in the visitor's own time zone and manner; without scripts they say that they are UTC.
(() => {
  const written = new Intl.DateTimeFormat(undefined, {
    weekday: "long", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  const write = (part) => {
    for (const time of part.querySelectorAll("time.local-time")) {
      time.title = time.textContent;
      time.textContent = written.format(new Date(time.dateTime));
    }
  };
  write(document);
  document.addEventListener("htmx:afterSwap", (event) => write(event.target));
})();
