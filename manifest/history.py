"""The revisions of one language in time: for the list, its chart and the feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from django.db.models import Exists, OuterRef, QuerySet

from manifest.comparing import row_of
from manifest.models import Definition, Revision

CHART_REVISIONS = 40
MOST_CONTENTS = 12  # of one definition
HEIGHT = 120  # of the chart, in its own units; a bar and the gap beside it take STEP
STEP = 24


@dataclass(frozen=True)
class Segment:
    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    revision: Revision
    x: int
    segments: list[Segment]


def imported(language: str) -> QuerySet[Revision]:
    """Each with `again`: the same content was imported before, and staff wanted it once more."""
    every = Revision.objects.filter(language=language, status__in=Revision.IMPORTED)
    earlier = Revision.objects.filter(
        language=language, status__in=Revision.IMPORTED, path=OuterRef("path"), pk__lt=OuterRef("pk")
    )
    return every.annotate(again=Exists(earlier)).defer("tables", "seconds")


def news(language: str) -> QuerySet[Revision]:
    """Without imports that changed nothing for anybody."""
    return imported(language).exclude(again=True, added=0, changed=0, removed=0)


@dataclass(frozen=True)
class Content:
    """What one definition was from `brought` on. `taken` is None where nobody took it away, or another followed."""

    brought: Revision
    taken: Revision | None
    is_first: bool


def contents(language: str, table: str, identity: str) -> list[Content]:
    """The newest first, of what live and earlier revisions had. Two queries."""
    rows = Definition.objects.filter(table__language=language, table__name=table, **row_of(identity))
    spans = list(rows.order_by("-added").values_list("added", "removed")[: MOST_CONTENTS + 1])
    known = Revision.objects.filter(status__in=Revision.IMPORTED).in_bulk({pk for span in spans for pk in span if pk})
    followed = {added for added, _ in spans}
    found = [
        Content(known[added], known.get(removed) if removed not in followed else None, number == len(spans))
        for number, (added, removed) in enumerate(spans, start=1)
        if added in known  # else it is being written just now
    ]
    return found[:MOST_CONTENTS]


def unfinished(language: str) -> QuerySet[Revision]:
    """Attempts since the last import that came to its end: what failed, or waits for staff, and why."""
    newest = imported(language).values("pk")[:1]
    later = Revision.objects.filter(language=language, status__in=Revision.UNFINISHED)
    return later.filter(pk__gt=newest) if newest.exists() else later


def failed_import(unfinished: Iterable[Revision], message: str) -> bool:
    """Whether a check that failed with that message had found content, and failed when it read it."""
    errors = (revision.error for revision in unfinished if revision.status == Revision.Status.FAILED)
    return any(message.startswith(f"{error} ") for error in errors if error)


def bars(revisions: list[Revision]) -> list[Bar]:
    """Oldest first. Heights are square roots: beside a great update the daily ones could not be seen."""
    shown = [revision for revision in reversed(revisions) if not is_first(revision)]
    most = max(map(_size, shown), default=0) or 1
    return [Bar(revision, STEP * place, _segments(revision, most)) for place, revision in enumerate(shown)]


def is_first(revision: Revision) -> bool:
    """Everything was new, since there was nothing to compare with."""
    return revision.added == revision.rows


def _size(revision: Revision) -> int:
    return revision.added + revision.changed + revision.removed


def _segments(revision: Revision, most: int) -> list[Segment]:
    height = HEIGHT * sqrt(_size(revision) / most)
    segments, y = [], float(HEIGHT)
    for kind in ("changed", "added", "removed"):
        part = height * getattr(revision, kind) / (_size(revision) or 1)
        y -= part
        if part:
            segments.append(Segment(kind, round(y, 1), round(part, 1)))
    return segments
