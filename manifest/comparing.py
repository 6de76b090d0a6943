"""What differs between two kept revisions of one language.

Both are immutable while they are kept, and a request names them by id: a switch meanwhile changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

from manifest import changed_rows
from manifest.changed_rows import Change, Span
from manifest.content_file import ITEMS
from manifest.lookup import JsonObject
from manifest.models import Definition, Revision

PAGE = 50
_IMPORTED = Revision.IMPORTED


class NotComparable(Exception):
    """In a sentence for people: a revision is unknown, no longer kept, or of another language."""


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass
class Counts:
    added: int = 0
    changed: int = 0
    removed: int = 0

    def of(self, kinds: Iterable[str]) -> int:
        return sum(getattr(self, kind) for kind in kinds)


@dataclass(frozen=True)
class Choice:
    """Which changes to show: of one kind, of one table, with a text in the name; empty is all."""

    kind: str = ""
    table: str = ""
    text: str = ""

    @property
    def kinds(self) -> list[str]:
        return [self.kind] if self.kind else [*Kind]


@dataclass(frozen=True)
class Comparison:
    """`counts` has every table with a difference; `same_items` are the hashes of items whose content came back."""

    old: Revision
    new: Revision
    span: Span
    counts: dict[str, Counts] = field(default_factory=dict)
    same_items: list[int] = field(default_factory=list)

    @property
    def total(self) -> Counts:
        return Counts(*(sum(counts.of([kind]) for counts in self.counts.values()) for kind in Kind))

    def matching(self, choice: Choice) -> dict[str, int]:
        """How many changes of each table the choice shows: items first, then tables by name."""
        counts = self._by_name(choice) if choice.text else self.counts
        names = sorted(counts, key=lambda name: (name != ITEMS, name))
        found = {name: counts[name].of(choice.kinds) for name in names if choice.table in ("", name)}
        return {name: count for name, count in found.items() if count}

    def changes(self, choice: Choice, matching: dict[str, int], start: int, limit: int = PAGE) -> list[Change]:
        """From the `start`-th on. Reads only the tables in which these lie: two queries at most."""
        items = matching.get(ITEMS, 0)
        found: list[Change] = []
        if start < items:
            found = changed_rows.items(self.span, choice.kinds, choice.text, self.same_items, offset=start, limit=limit)
        missing = min(start + limit, sum(matching.values())) - max(start, items)
        if missing > 0:
            tables, offset = _touched(matching, max(start, items), missing)
            found += changed_rows.others(self.span, tables, choice.kinds, choice.text, offset=offset, limit=missing)
        return found

    def _by_name(self, choice: Choice) -> dict[str, Counts]:
        tables = [choice.table] if choice.table else list(self.counts)
        return _counted(changed_rows.counts_by_name(self.span, tables, choice.text))


def _touched(matching: dict[str, int], start: int, length: int) -> tuple[list[str], int]:
    """The tables that hold the changes from `start` on, and how many of the first one's to leave out."""
    ends = dict(zip(matching, accumulate(matching.values()), strict=True))
    tables = [name for name, end in ends.items() if end > start and end - matching[name] < start + length]
    return tables, start - (ends[tables[0]] - matching[tables[0]])


def compare(old_id: int, new_id: int) -> Comparison:
    """Raises NotComparable."""
    old, new = _kept(old_id, new_id)
    span = changed_rows.span(old, new)
    if (counts := _of_neighbours(old, new)) is not None:
        return Comparison(old, new, span, counts)
    rows = changed_rows.counts(span)
    same = next((hashes for table, kind, _, hashes in rows if table == ITEMS and kind == "same"), None)
    return Comparison(old, new, span, _counted(rows), same or [])


def kept(revision_id: int) -> Revision:
    """Raises NotComparable."""
    found = Revision.objects.filter(pk=revision_id, status__in=_IMPORTED).first()
    if found is None:
        raise NotComparable("There is no such revision of the Manifest.")
    if found.status == Revision.Status.PRUNED:
        raise NotComparable(f"The definitions of Manifest {found.version} are no longer kept; newer ones are.")
    return found


def before(revision: Revision) -> Revision | None:
    """The kept one before it."""
    older = Revision.objects.filter(language=revision.language, status=Revision.Status.COMPLETE, pk__lt=revision.pk)
    return older.order_by("-pk").first()


def definition(revision: Revision, table: str, identity: str) -> JsonObject | None:
    """The definition at one revision, by its hash, or by the key of a table that is keyed by text."""
    if "\0" in table + identity:  # no text in Postgres holds one
        return None
    by_hash = {"hash": int(identity), "key": ""} if _is_hash(identity) else {"key": identity, "hash": 0}
    rows = Definition.objects.filter(table__language=revision.language, table__name=table, added__lte=revision.pk)
    found = rows.filter(**by_hash).exclude(removed__lte=revision.pk).values_list("json", flat=True)
    return found.first()


def name_of(body: JsonObject) -> str:
    """Empty where it has none."""
    shown = body.get("displayProperties")
    name = shown.get("name") if isinstance(shown, dict) else None
    return name if isinstance(name, str) else ""


def bodies(changes: Iterable[Change]) -> dict[int, JsonObject]:
    """The JSON of the changed ones by `old_id` and `new_id`; one query."""
    wanted = [pk for change in changes if change.kind == Kind.CHANGED for pk in (change.old_id, change.new_id)]
    return dict(Definition.objects.filter(pk__in=wanted).values_list("pk", "json"))


def _kept(old_id: int, new_id: int) -> tuple[Revision, Revision]:
    old, new = kept(old_id), kept(new_id)
    if old.language != new.language:
        raise NotComparable(f"One revision is in {old.language}, the other in {new.language}: choose two of one.")
    return old, new


def _of_neighbours(old: Revision, new: Revision) -> dict[str, Counts] | None:
    """The import has counted them, when nothing was imported between the two."""
    earlier, later = sorted((old, new), key=lambda revision: revision.pk)
    imported = Revision.objects.filter(language=new.language, status__in=_IMPORTED)
    if earlier != later and imported.filter(pk__gt=earlier.pk, pk__lt=later.pk).exists():
        return None
    if earlier == later:
        return {}
    gained, lost = (Kind.ADDED, Kind.REMOVED) if earlier == old else (Kind.REMOVED, Kind.ADDED)
    found = {
        name: Counts(counted[gained], counted[Kind.CHANGED], counted[lost]) for name, counted in later.tables.items()
    }
    return {name: counts for name, counts in found.items() if counts.of(Kind)}


def _counted(rows: Iterable[tuple]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    for table, kind, count, _ in rows:
        if kind in [*Kind]:
            setattr(counts.setdefault(table, Counts()), kind, count)
    return counts


def _is_hash(identity: str) -> bool:
    return identity.isascii() and identity.isdigit() and int(identity[:11]) < 2**32
