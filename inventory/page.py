"""The inventory as rows of buckets over columns of stores, ready to be drawn: templates only walk through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.safestring import SafeString

from destinyvault.bungie.enums import Bucket as Slot

from .order import ordered
from .places import GROUPS, Place, place, place_of
from .tiles import Tile, tile
from .vault import ACCOUNT, CHARACTER, POSTMASTER, VAULT, OwnedItem, Vault
from .words import Words

FEW_PLACES = 6
SLOTTED = frozenset({Slot.LOST_ITEMS, Slot.ENGRAMS})

# Column, then place: the tiles that stand there.
Stock = dict[str, dict[Place, list[OwnedItem]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One bucket of one store: a character's id, "vault", or "account" for what all characters share."""

    store: str
    column: str  # "account", "1" to "3", "vault": the same for every player, so that style sheets can name it
    equipped: tuple[Tile, ...]
    tiles: tuple[Tile, ...]
    capacity: int  # 0: nothing worth telling
    free: range  # empty places to draw
    slotted: bool  # small tiles: these are on their way to somewhere else
    told: bool  # it matters how full it is

    @property
    def kind(self) -> str:
        return self.store if self.store in (ACCOUNT, VAULT) else CHARACTER

    @property
    def html(self) -> SafeString:
        """Written here and not in a template, as its tiles are: two hundred of them are a tenth of the page's time."""
        worn = f'<div class="bucket-equipped">{_html(self.equipped)}</div>' if self.equipped else ""
        free = '<i class="slot"></i>' * len(self.free)
        return SafeString(f'{worn}<div class="bucket-items">{_html(self.tiles)}{free}</div>')

    @property
    def count(self) -> int:
        return len(self.equipped) + len(self.tiles)

    @property
    def nearly_full(self) -> bool:
        """What the game drops next is lost when there is no place for it."""
        return self.told and self.capacity - self.count < FEW_PLACES

    @property
    def room(self) -> str:
        left = max(self.capacity - self.count, 0)
        return {0: "full", 1: "1 place left"}.get(left, f"{left} places left")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    count: int
    is_open: bool
    rows: tuple[Row, ...]


def everything(_: OwnedItem) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class View:
    """How a person looks at it: `stores` names the columns, from left to right; `folded` the keys of closed groups."""

    stores: Sequence[str]
    sort: str = ""
    folded: frozenset[str] = frozenset()
    is_shown: Callable[[OwnedItem], bool] = everything
    postmaster_is_known: bool = True  # an empty one is shown, one that nobody told of is not


def groups(vault: Vault, words: Words, view: View) -> tuple[Group, ...]:
    stock = _stock(ordered(vault.items, view.sort), words)
    rows: dict[str, list[Row]] = {title: [] for title in GROUPS}
    places = _places(stock, view.stores) | (_postmaster(view.stores, words) if view.postmaster_is_known else set())
    for where in sorted(places, key=lambda where: where.order):
        rows[where.group].append(Row(where.name, tuple(_cells(where, view, stock))))
    return tuple(_group(title, tuple(found), view) for title, found in rows.items() if found)


def all_stores(vault: Vault) -> list[str]:
    return [ACCOUNT, *(guardian.id for guardian in vault.characters), VAULT]


def _stock(items: Sequence[OwnedItem], words: Words) -> Stock:
    stock: Stock = defaultdict(lambda: defaultdict(list))
    places: dict[tuple[bool, int], Place] = {}
    for item in items:
        key = (item.location == POSTMASTER, item.bucket_hash)
        if key not in places:
            places[key] = place_of(item, words)
        stock[item.owner or item.location][places[key]].append(item)
    return stock


def _places(stock: Stock, stores: Sequence[str]) -> set[Place]:
    return {where for store in stores for where in stock[store]}


def _postmaster(stores: Sequence[str], words: Words) -> set[Place]:
    """On the page also when it is empty: that it is empty is what the player wants to know."""
    holders = set(stores) - {VAULT, ACCOUNT}
    return {place(words.buckets[Slot.LOST_ITEMS])} if holders and Slot.LOST_ITEMS in words.buckets else set()


def _cells(where: Place, view: View, stock: Stock) -> list[Cell]:
    """What all characters share lies across their columns, which are left out unless they hold something as well."""
    shared = bool(stock[ACCOUNT][where])
    cells = [_cell(where, store, column, stock[store][where], view) for column, store in _columns(view.stores)]
    return [cell for cell in cells if cell.count or (cell.store == VAULT if shared else cell.store != ACCOUNT)]


def _columns(stores: Sequence[str]) -> Iterator[tuple[str, str]]:
    numbers = count(1)
    for store in stores:
        yield (store if store in (ACCOUNT, VAULT) else str(next(numbers))), store


def _cell(where: Place, store: str, column: str, items: list[OwnedItem], view: View) -> Cell:
    capacity = 0 if store == VAULT else where.capacity
    return Cell(
        store=store,
        column=column,
        equipped=tuple(tile(item, shown=view.is_shown(item)) for item in items if item.equipped),
        tiles=tuple(tile(item, shown=view.is_shown(item)) for item in items if not item.equipped),
        capacity=capacity,
        free=range(capacity - len(items) if where.hash == Slot.LOST_ITEMS else 0),
        slotted=where.hash in SLOTTED and store not in (VAULT, ACCOUNT),
        told=where.hash == Slot.LOST_ITEMS and store not in (VAULT, ACCOUNT),
    )


def _group(title: str, rows: tuple[Row, ...], view: View) -> Group:
    key = title.lower()
    count = sum(cell.count for row in rows for cell in row.cells)
    return Group(key, title, count, key not in view.folded, rows)


def _html(tiles: tuple[Tile, ...]) -> str:
    return "".join(each.html for each in tiles)
