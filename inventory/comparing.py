"""Several items of one type side by side: a row for each stat and each socket, the best values marked. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .detail import Detail
from .perks import Plug, Socket
from .stats import Stat
from .vault import OwnedItem, Vault

MOST = 10
LEAST = 2
# Rounds per minute, zoom and the direction of recoil tell weapons apart; more of them is neither better nor worse.
KINDS = frozenset({4284893193, 3555269338, 2715839340})


@dataclass(frozen=True, slots=True)
class Value:
    """`shown` is empty for what an item does not have; `best` where it beats at least one of the others."""

    shown: str
    best: bool = False


@dataclass(frozen=True, slots=True)
class StatRow:
    name: str
    lower_is_better: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class PerkRow:
    """The sockets of one place in one category; `same` where all items hold the same plug there."""

    name: str
    sockets: tuple[Socket | None, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    stats: tuple[StatRow, ...]
    perks: tuple[PerkRow, ...]


def comparable(item: OwnedItem, vault: Vault) -> list[OwnedItem]:
    """Everything of the person's that `item` can be held against, itself included; nothing for what has no type."""
    if not item.type_name or not item.id:
        return []
    return [each for each in vault.items if each.id and same_type(each, item)]


def same_type(one: OwnedItem, other: OwnedItem) -> bool:
    """Types are the game's own words; armor is compared within one slot and one class."""
    return (one.type_name, one.class_name) == (other.type_name, other.class_name)


def compare(items: Sequence[Detail]) -> Comparison:
    return Comparison(tuple(_stat_rows(items)), tuple(_perk_rows(items)))


def _stat_rows(items: Sequence[Detail]) -> Iterator[StatRow]:
    yield _row("Power", [each.item.power for each in items])
    order: dict[int, Stat] = {}
    for each in items:
        for stat in each.stats:
            order.setdefault(stat.hash, stat)
    for stat_hash, stat in order.items():
        values = [next((own.value for own in each.stats if own.hash == stat_hash), None) for each in items]
        yield _row(stat.name, values, lower_is_better=stat.lower_is_better, is_quality=stat_hash not in KINDS)
    if any(each.total is not None for each in items):
        yield _row("Total", [each.total for each in items])


def _row(name: str, values: Sequence[int | None], *, lower_is_better: bool = False, is_quality: bool = True) -> StatRow:
    known = [value for value in values if value is not None]
    best = (min if lower_is_better else max)(known, default=None)
    tells = is_quality and len(set(known)) > 1
    shown = (Value("" if each is None else str(each), tells and each == best) for each in values)
    return StatRow(name, lower_is_better, tuple(shown))


def _perk_rows(items: Sequence[Detail]) -> Iterator[PerkRow]:
    """Sockets are held against each other by category and place in it: items of one type are built alike."""
    places: dict[tuple[int, int], str] = {}
    held: list[dict[tuple[int, int], Socket]] = []
    for each in items:
        own = {}
        for category in each.categories:
            for number, socket in enumerate(category.sockets):
                own[category.hash, number] = socket
                places.setdefault((category.hash, number), category.name)
        held.append(own)
    order = list(dict.fromkeys(category for category, _ in places))
    for key in sorted(places, key=lambda place: (order.index(place[0]), place[1])):
        sockets = tuple(own.get(key) for own in held)
        plugs = [socket.plug for socket in sockets if socket and socket.plug]
        same = len(plugs) == len(items) and len({plug.hash for plug in plugs}) == 1
        yield PerkRow(_kind(plugs) or places[key], sockets, same)


def _kind(plugs: Sequence[Plug]) -> str:
    """Such as "Barrel": what most of the plugs in a row are, for a category has several rows."""
    kinds = Counter(plug.type_name for plug in plugs if plug.type_name)
    return kinds.most_common(1)[0][0] if kinds else ""
