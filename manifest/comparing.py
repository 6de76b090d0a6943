"""What differs between two kept revisions of one language.

Both are immutable while they are kept, and a request names them by id: a switch meanwhile changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import accumulate

from django.db.models import QuerySet
from django_q.tasks import async_task

from manifest import changed_rows
from manifest.changed_rows import Change, Span
from manifest.lookup import JsonObject, valid_at
from manifest.models import Definition, KeptCounts, Revision
from manifest.tables import ITEMS

PAGE = 50


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

    def backward(self) -> "Counts":
        return Counts(self.removed, self.changed, self.added)


@dataclass(frozen=True)
class Choice:
    """Which changes to show: of one kind, of one table, with a text in the name; empty is all."""

    kind: str = ""
    table: str = ""
    text: str = ""

    @property
    def kinds(self) -> list[str]:
        return [self.kind] if self.kind else [*Kind]

    def of(self, counts: Mapping[str, Counts]) -> dict[str, int]:
        """How many changes of each table are of the chosen kind."""
        found = {name: each.of(self.kinds) for name, each in counts.items()}
        return {name: count for name, count in found.items() if count}


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
        return total(self.counts)

    @property
    def tables(self) -> list[str]:
        """Every table with a difference: items first, then by name, as everywhere."""
        return sorted(self.counts, key=_order)

    def chosen(self, choice: Choice) -> dict[str, Counts]:
        """What the choice leaves of each table, still of every kind; in the order of `tables`."""
        counts = self._by_name(choice) if choice.text else self.counts
        return {name: counts[name] for name in sorted(counts, key=_order) if choice.table in ("", name)}

    def matching(self, choice: Choice) -> dict[str, int]:
        """How many changes of each table the choice shows, in that order."""
        return choice.of(self.chosen(choice))

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


def total(counts: Mapping[str, Counts]) -> Counts:
    return Counts(*(sum(each.of([kind]) for each in counts.values()) for kind in Kind))


def _order(table: str) -> tuple[bool, str]:
    return table != ITEMS, table


def _touched(matching: dict[str, int], start: int, length: int) -> tuple[list[str], int]:
    """The tables that hold the changes from `start` on, and how many of the first one's to leave out."""
    ends = dict(zip(matching, accumulate(matching.values()), strict=True))
    tables = [name for name, end in ends.items() if end > start and end - matching[name] < start + length]
    return tables, start - (ends[tables[0]] - matching[tables[0]])


def compare(old_id: int, new_id: int) -> Comparison:
    """Raises NotComparable."""
    old, new = _kept(old_id, new_id)
    earlier, later = sorted((old, new), key=lambda revision: revision.pk)
    counts, same_items = _between(earlier, later)
    if earlier != old:
        counts = {name: each.backward() for name, each in counts.items()}
    return Comparison(old, new, changed_rows.span(old, new), counts, same_items)


def known_total(old: Revision, new: Revision) -> Counts | None:
    """How much changes from one kept revision to another of its language; None where it was not counted yet."""
    earlier, later = sorted((old, new), key=lambda revision: revision.pk)
    known = _known(earlier, later)
    if known is None:
        return None
    counted = total(known[0])
    return counted if earlier == old else counted.backward()


def count_soon(revision: Revision) -> None:
    """A task, so that nobody waits who compares `revision` with one long before; within the open transaction."""
    if _others(revision).count() > 1:  # with its neighbour the import compares it
        async_task("manifest.tasks.count_differences", revision.pk, q_options={"save": False})


def count_differences(revision_id: int) -> None:
    """Of one revision and every other one of its language that is kept."""
    revision = Revision.objects.get(pk=revision_id)
    for other in _others(revision):
        _between(*sorted((other, revision), key=lambda each: each.pk))


def kept(revision_id: int) -> Revision:
    """Raises NotComparable."""
    found = Revision.objects.filter(pk=revision_id, status__in=Revision.IMPORTED).first()
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
    rows = Definition.objects.filter(table__language=revision.language, table__name=table, **row_of(identity))
    return rows.filter(valid_at(revision.pk)).values_list("json", flat=True).first()


def row_of(identity: str) -> dict[str, int | str]:
    """A hash or a key, as an address has it, in the columns of a definition."""
    return {"hash": int(identity), "key": ""} if _is_hash(identity) else {"hash": 0, "key": identity}


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


def _others(revision: Revision) -> QuerySet[Revision]:
    kept = Revision.objects.filter(language=revision.language, status=Revision.Status.COMPLETE)
    return kept.exclude(pk=revision.pk)


def _between(earlier: Revision, later: Revision) -> tuple[dict[str, Counts], list[int]]:
    """Counts of the tables with a difference, and the items whose content came back."""
    known = _known(earlier, later)
    if known is not None:
        return known
    counted = _count(earlier, later)
    return _told(counted.tables), counted.same_items


def _known(earlier: Revision, later: Revision) -> tuple[dict[str, Counts], list[int]] | None:
    """The same, without counting."""
    if earlier == later:
        return {}, []
    if _are_neighbours(earlier, later):  # then the import has counted
        return _told(later.tables), []
    kept = KeptCounts.objects.filter(earlier=earlier, later=later).first()
    return (_told(kept.tables), kept.same_items) if kept else None


def _are_neighbours(earlier: Revision, later: Revision) -> bool:
    imported = Revision.objects.filter(language=later.language, status__in=Revision.IMPORTED)
    return not imported.filter(pk__gt=earlier.pk, pk__lt=later.pk).exists()


def _count(earlier: Revision, later: Revision) -> KeptCounts:
    rows = changed_rows.counts(changed_rows.span(earlier, later))
    same = next((hashes for table, kind, _, hashes in rows if table == ITEMS and kind == "same"), None)
    tables = {name: asdict(counts) for name, counts in _counted(rows).items()}
    found = KeptCounts(earlier=earlier, later=later, tables=tables, same_items=same or [])
    KeptCounts.objects.bulk_create([found], ignore_conflicts=True)
    return found


def _told(tables: Mapping[str, Mapping[str, int]]) -> dict[str, Counts]:
    found = {name: Counts(*(counted[kind] for kind in Kind)) for name, counted in tables.items()}
    return {name: counts for name, counts in found.items() if counts.of(Kind)}


def _counted(rows: Iterable[tuple]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    for table, kind, count, _ in rows:
        if kind in [*Kind]:
            setattr(counts.setdefault(table, Counts()), kind, count)
    return counts


def _is_hash(identity: str) -> bool:
    return identity.isascii() and identity.isdigit() and int(identity[:11]) < 2**32
