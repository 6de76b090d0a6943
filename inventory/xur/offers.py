"""From shelves and the game's definitions to what a page shows of each thing on sale, in a few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from destinyvault.bungie.enums import TIERS, ClassType
from inventory import perks
from inventory.detail import small_tables
from inventory.perks import BareSocket, Plug
from inventory.stats import Stat, armor_total, stat_group, stats_of, told_values
from inventory.untrusted import integer, listing, mapping, text
from inventory.words import Definitions, display, words_of
from manifest import lookup
from manifest.lookup import ItemSummary, Live

from .belongings import NOTHING, Belongings
from .keeping import previewed_vendor
from .replies import XUR, Category, Cost, Sale, Shelf

ITEMS, VENDORS, PERKS = "DestinyInventoryItemDefinition", "DestinyVendorDefinition", "DestinySandboxPerkDefinition"
DESTINATIONS, PLACES = "DestinyDestinationDefinition", "DestinyPlaceDefinition"
STATS, STAT_GROUPS = "DestinyStatDefinition", "DestinyStatGroupDefinition"
SOCKET_CATEGORIES = "DestinySocketCategoryDefinition"
# Not what a roll is made of: weapon and armor cosmetics, weapon and armor mods.
NO_ROLLS = frozenset({2048875504, 1926152773, 2685412949, 590099826})
UNKNOWN_VENDOR = "Other offers"


@dataclass(frozen=True, slots=True)
class Price:
    """`held` is what the person has of it; None where nobody knows."""

    hash: int
    name: str
    icon: str
    quantity: int
    held: int | None

    @property
    def short(self) -> bool:
        return self.held is not None and self.held < self.quantity


@dataclass(frozen=True, slots=True)
class Offer:
    """`rolled` is False where stats and perks are those that its kind comes with: Bungie told no others.

    `copies` say where the person has the same item; `refusals` why Bungie would not sell it to them.
    """

    index: int
    hash: int
    name: str
    type_name: str
    tier: int
    tier_name: str
    class_name: str
    element: str
    icon: str
    description: str
    quantity: int
    prices: tuple[Price, ...]
    stats: tuple[Stat, ...]
    total: int | None
    perks: tuple[Plug, ...]
    rolled: bool
    varies: bool
    known: bool
    classified: bool
    ends_at: datetime | None
    copies: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def tier_word(self) -> str:
        return TIERS.get(self.tier, "basic")

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() if self.known else "?"

    @property
    def places(self) -> list[str]:
        """Each place once, with the number of copies where there are several."""
        counted = Counter(self.copies)
        return [f"{place} ({count})" if count > 1 else place for place, count in counted.items()]


@dataclass(frozen=True, slots=True)
class OfferGroup:
    name: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ShownShelf:
    vendor: int
    name: str
    groups: tuple[OfferGroup, ...]


@dataclass(frozen=True, slots=True)
class Wares:
    """`where` is the place of which the vendor's definition tells, such as "The Last City, Earth"; empty for none."""

    shelves: tuple[ShownShelf, ...]
    where: str


def wares(shelves: Sequence[Shelf], live: Live | None, owned: Belongings = NOTHING) -> Wares:
    known = _look_up(live, shelves) if live else _NOTHING_KNOWN
    doors = {shelf.vendor for shelf in shelves}
    shown = tuple(_shelf(shelf, known, owned, doors) for shelf in shelves)
    location = next((shelf.location for shelf in shelves if shelf.vendor == XUR), None)
    return Wares(tuple(shelf for shelf in shown if shelf.groups), _where(known, location))


@dataclass(frozen=True, slots=True)
class _Known:
    tables: Mapping[str, Definitions]
    items: Mapping[int, ItemSummary]
    class_names: Mapping[int, str]
    element_names: Mapping[int, str]

    def __getitem__(self, table: str) -> Definitions:
        return self.tables.get(table, {})

    def definition(self, table: str, definition_hash: object) -> Mapping[str, Any]:
        return self[table].get(definition_hash, {})


_NOTHING_KNOWN = _Known({}, {}, {}, {})


def _look_up(live: Live, shelves: Sequence[Shelf]) -> _Known:
    """First the wares, then what is in their sockets, then what describes that."""
    sales = [sale for shelf in shelves for sale in shelf.sales]
    wanted = {sale.hash for sale in sales} | {cost.hash for sale in sales for cost in sale.costs}
    wanted |= {sale.style_hash for sale in sales if sale.style_hash}
    found = lookup.definitions(
        live, {ITEMS: {sale.hash for sale in sales}, VENDORS: {XUR, *(s.vendor for s in shelves)}}
    )
    sockets = [socket for sale in sales for socket in _sockets(found[ITEMS].get(sale.hash, {}), sale)]
    places = _destinations(found[VENDORS].get(XUR, {}))
    more = lookup.definitions(live, {ITEMS: perks.plug_hashes(sockets) - found[ITEMS].keys(), DESTINATIONS: places})
    plugs = found[ITEMS] | more[ITEMS]
    described = {each for plug in more[ITEMS].values() for each in perks.perk_hashes(plug)}
    upper = {each.get("placeHash") for each in more[DESTINATIONS].values()} - {None}
    last = lookup.definitions(live, {PERKS: described, PLACES: upper})
    words = words_of(live)
    tables = {**small_tables(live), **found, **more, **last, ITEMS: plugs}
    return _Known(tables, lookup.items(live, wanted), words.class_names, words.element_names)


def _shelf(shelf: Shelf, known: _Known, owned: Belongings, doors: set[int]) -> ShownShelf:
    vendor = known.definition(VENDORS, shelf.vendor)
    groups = (
        OfferGroup(_category_name(vendor, category), tuple(_offers(category, vendor, known, owned, doors)))
        for category in shelf.categories
    )
    name = display(vendor, "name") or ("Xûr" if shelf.vendor == XUR else UNKNOWN_VENDOR)
    return ShownShelf(shelf.vendor, name, tuple(group for group in groups if group.offers))


def _category_name(vendor: Mapping[str, Any], category: Category) -> str:
    shown = [mapping(each) for each in listing(vendor.get("displayCategories"))]
    by_index = {integer(each.get("index")): each for each in shown}
    return text(mapping(by_index.get(category.index, {}).get("displayProperties")).get("name"))


def _offers(
    category: Category, vendor: Mapping[str, Any], known: _Known, owned: Belongings, doors: set[int]
) -> Iterator[Offer]:
    """Without the doors to shelves that stand on the page themselves."""
    for sale in category.sales:
        if previewed_vendor(dict(known.definition(ITEMS, sale.hash))) not in doors:
            yield _offer(sale, vendor, known, owned)


def _offer(sale: Sale, vendor: Mapping[str, Any], known: _Known, owned: Belongings) -> Offer:
    summary, definition = known.items.get(sale.hash), known.definition(ITEMS, sale.hash)
    style = known.items.get(sale.style_hash)
    sockets = _sockets(definition, sale)
    stats = _stats(sale, definition, sockets, known)
    return Offer(
        index=sale.index,
        hash=sale.hash,
        name=_name(summary, sale.hash),
        type_name=summary.type_name if summary else "",
        tier=summary.tier if summary else 0,
        tier_name=summary.tier_name if summary else "",
        class_name=known.class_names.get(summary.class_type, "") if _of_one_class(summary) else "",
        element=known.element_names.get(summary.damage_type, "") if summary else "",
        icon=(style.icon if style else "") or (summary.icon if summary else ""),
        description=display(definition, "description") or text(definition.get("flavorText")),
        quantity=sale.quantity,
        prices=tuple(_price(cost, known, owned) for cost in sale.costs),
        stats=stats,
        total=armor_total(stats),
        perks=tuple(_perks(definition, sockets, known)),
        rolled=sale.parts.sockets is not None,
        varies=_varies(definition),
        known=summary is not None,
        classified=bool(summary and summary.redacted),
        ends_at=sale.ends_at,
        copies=owned.copies.get(sale.hash, ()),
        refusals=tuple(_refusals(sale, vendor)),
    )


def _sockets(definition: Mapping[str, Any], sale: Sale) -> tuple[BareSocket, ...]:
    return perks.bare_sockets(definition, sale.parts.sockets, sale.parts.reusable)


def _stats(sale: Sale, definition: Mapping[str, Any], sockets: Iterable[BareSocket], known: _Known) -> tuple[Stat, ...]:
    told = told_values(sale.parts.stats or {})
    group = known.definition(STAT_GROUPS, stat_group(definition) or 0)
    return stats_of(definition, perks.active_plugs(sockets, known[ITEMS]), told, group, known[STATS])


def _perks(definition: Mapping[str, Any], sockets: Iterable[BareSocket], known: _Known) -> Iterator[Plug]:
    shown = perks.by_category(definition, sockets, known[ITEMS], {}, known[SOCKET_CATEGORIES], known[PERKS])
    for category in shown:
        if category.hash not in NO_ROLLS:
            for socket in category.sockets:
                yield from filter(None, (socket.plug, *socket.choices))


def _varies(definition: Mapping[str, Any]) -> bool:
    """Whether copies differ: then what its kind comes with is no word on this one."""
    entries = map(mapping, listing(mapping(definition.get("sockets")).get("socketEntries")))
    return any(each.get("randomizedPlugSetHash") or each.get("randomizedPlugItems") for each in entries)


def _price(cost: Cost, known: _Known, owned: Belongings) -> Price:
    summary = known.items.get(cost.hash)
    held = None if owned.held is None else owned.held.get(cost.hash, 0)
    return Price(cost.hash, _name(summary, cost.hash), summary.icon if summary else "", cost.quantity, held)


def _refusals(sale: Sale, vendor: Mapping[str, Any]) -> Iterator[str]:
    sentences = listing(vendor.get("failureStrings"))
    for index in sale.failures:
        sentence = text(sentences[index]) if 0 <= index < len(sentences) else ""
        if sentence:
            yield sentence


def _of_one_class(summary: ItemSummary | None) -> bool:
    return summary is not None and summary.class_type != ClassType.ANY


def _name(summary: ItemSummary | None, item_hash: int) -> str:
    """As everywhere: a thing that the Manifest does not know is on sale all the same."""
    if summary and (summary.name or summary.redacted):
        return summary.name or "Classified"
    return f"Item {item_hash}"


def _destinations(vendor: Mapping[str, Any]) -> list[int]:
    found = (integer(mapping(each).get("destinationHash")) for each in listing(vendor.get("locations")))
    return [each or 0 for each in found]


def _where(known: _Known, location: int | None) -> str:
    """The public is not told which of his places it is; of one alone that is no question."""
    places = _destinations(known.definition(VENDORS, XUR))
    index = 0 if location is None and len(places) == 1 else location
    if index is None or not 0 <= index < len(places):
        return ""
    destination = known.definition(DESTINATIONS, places[index])
    place = known.definition(PLACES, destination.get("placeHash"))
    names = dict.fromkeys(filter(None, (display(destination, "name"), display(place, "name"))))
    return ", ".join(names)
