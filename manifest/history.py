"""The revisions of one language in time: for the list, its chart and the feed."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import QuerySet

from manifest.models import Revision

CHART_REVISIONS = 40
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
    return Revision.objects.filter(language=language, status__in=Revision.IMPORTED).defer("tables", "seconds")


def unfinished(language: str) -> QuerySet[Revision]:
    """Attempts since the last import that came to its end: what failed, or waits for staff, and why."""
    newest = imported(language).values("pk")[:1]
    later = Revision.objects.filter(language=language, status__in=Revision.UNFINISHED)
    return later.filter(pk__gt=newest) if newest.exists() else later


def bars(revisions: list[Revision]) -> list[Bar]:
    """Oldest first. Heights are square roots: beside a great update the daily ones could not be seen."""
    shown = [revision for revision in reversed(revisions[:CHART_REVISIONS]) if not is_first(revision)]
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
