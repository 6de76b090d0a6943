"""What concerns all runs together: how often Bungie was asked, by its own counters and by the moments of arrival, and
what the workers have written to their log."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.chaos.transfers.site import Site

SPACING, WINDOW, MOST = 0.1, 10.0, 250  # CONTRACT, "Throttling and retry"
FEWEST_JOBS = 0.6
HEAD = "Traceback (most recent call last):"
CHAINED = ("During handling of the above exception", "The above exception was the direct cause")
LINE = re.compile(r"^\d{4}-\d\d-\d\d |^\d\d:\d\d:\d\d ")
# Postgres and other processes are killed: what a worker says to that is no mistake of the site.
OF_THE_KILLER = ("OperationalError", "InterfaceError", "AdminShutdown", "psycopg2", "BrokenPipeError", "EOFError")


def judged(site: Site) -> list[str]:
    journal = site.orders.actions()
    most, throttled = max(journal["most_in_flight"].values(), default=0), sum(journal["throttled"].values())
    asked = [each["arrived"] for each in site.orders.log() if each["path"].startswith("/Platform/")]
    return [
        *([f"an account had {most} actions in flight at once"] if most > 1 else []),
        *([f"the sandbox had to throttle {throttled} times: {journal['throttled']}"] if throttled else []),
        *hurried(journal["actions"]),
        *crowded(asked),
        *unexpected(site.folder / "cluster.log"),
    ]


def idle(ends: Sequence[str]) -> list[str]:
    """Runs in which nothing was queued prove little; some are drawn in which there is nothing to do."""
    jobs = sum(any(status in end for status in ("done", "failed", "cancelled", "never")) for end in ends)
    return [f"only {jobs} of {len(ends)} runs made a job"] if jobs < FEWEST_JOBS * len(ends) else []


def hurried(actions: Iterable[dict[str, Any]]) -> list[str]:
    """Which action came too soon after which."""
    latest: dict[str, dict[str, Any]] = {}
    told = []
    for each in sorted(actions, key=lambda entry: entry["start"]):
        before = latest.get(each["account"])
        if before and each["start"] - before["start"] < SPACING:
            gap = (each["start"] - before["start"]) * 1000
            earlier = f"{before['operation']} of {(before['end'] or 0) - before['start']:.2f} s, code {before['code']}"
            told.append(f"{each['operation']} came {gap:.0f} ms after {earlier} with {before['fault'] or 'no fault'}")
        latest[each["account"]] = each
    return told


def crowded(arrivals: Iterable[float]) -> list[str]:
    """Any ten seconds in which more was asked than one address may ask."""
    times = sorted(arrivals)
    spans = [times[place + MOST] - times[place] for place in range(len(times) - MOST)]
    return [f"{MOST + 1} requests within {min(spans):.2f} s"] if spans and min(spans) < WINDOW else []


def unexpected(log: Path) -> list[str]:
    """Tracebacks that no killed process explains."""
    found = Counter(last for last in tracebacks(log) if not any(name in last for name in OF_THE_KILLER))
    return [f"{count} times in the log: {last}" for last, count in found.items()]


def tracebacks(log: Path) -> Iterator[str]:
    """The last line of each: what was raised in the end. What was raised before that, and led to it, is part of it."""
    inside, raised = False, ""
    for line in filter(None, log.read_text(errors="replace").splitlines()):
        if raised and not line.startswith(CHAINED):
            yield raised
        raised = ""
        if line.strip() == HEAD:
            inside = True
        elif inside and not line.startswith((" ", "\t")) and not LINE.match(line):
            inside, raised = False, line
    if raised:
        yield raised
