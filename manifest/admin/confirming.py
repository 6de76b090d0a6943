"""What was held back, beside what is live: for whoever is asked to confirm it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manifest.models import Language, Revision


@dataclass(frozen=True)
class Line:
    """Rows of one table, or of all; None where there is no such table."""

    name: str
    held: int | None
    live: int | None

    @property
    def gained(self) -> int:
        return (self.held or 0) - (self.live or 0)


@dataclass(frozen=True)
class Confrontation:
    """`lines` are of the tables that differ: the missing ones first, then those that lost most."""

    live: Revision
    total: Line
    lines: list[Line]
    alike: int


def beside_live(revision: Revision) -> Confrontation | None:
    """None where there is nothing to compare it with, or nobody counted it."""
    language = Language.objects.filter(code=revision.language, live__isnull=False).select_related("live").first()
    if not revision.tables or not language:
        return None
    held, live = _rows(revision.tables), _rows(language.live.tables)
    lines = [Line(name, held.get(name), live.get(name)) for name in sorted(held.keys() | live.keys())]
    differing = sorted(
        (line for line in lines if line.held != line.live), key=lambda line: (bool(line.held), line.gained)
    )
    total = Line("All definitions", sum(held.values()), sum(live.values()))
    return Confrontation(language.live, total, differing, len(lines) - len(differing))


def _rows(tables: Mapping[str, Any]) -> dict[str, int]:
    """A revision that lost a table names it still, with no rows."""
    return {name: counts["rows"] for name, counts in tables.items() if counts["rows"]}
