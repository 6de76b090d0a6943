"""From shelves and the game's definitions to what a page shows of each thing on sale, in a few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from destinyvault.bungie.enums import TIERS, ClassType
from inventory import perks
from inventory.detail import small_tables
from inventory.perks import BareSocket, Plug
from inventory.stats import Stat, armor_total, stat_group, stats_of, told_values
from inventory.untrusted import integer, listing, mapping, text
from inventory.vault import item_name, unknown_item
from inventory.words import Definitions, display, words_of
from manifest import lookup
from manifest.lookup import ItemSummary, Live
from manifest.tables import DESTINATIONS, ITEMS, PERKS, PLACES, SOCKET_CATEGORIES, STAT_GROUPS, STATS, VENDORS

from .belongings import Belongings
from .keeping import previewed_vendor
from .replies import XUR, Category, Cost, Sale, Shelf

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
class Perk:
    """What is in one socket, and what its owner may put there instead."""

    plug: Plug
    choices: tuple[Plug, ...]

    @property
    def plugs(self) -> tuple[Plug, ...]:
        return (self.plug, *self.choices)


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
    perks: tuple[Perk, ...]
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

    @property
    def offers(self) -> Iterator[Offer]:
        return (offer for shelf in self.shelves for group in shelf.groups for offer in group.offers)


def wares(shelves: Sequence[Shelf], live: Live | None) -> Wares:
    """The same for all who are told of these shelves: nothing in them is of a person's belongings."""
    known = _look_up(live, shelves) if live else _NOTHING_KNOWN
    doors = {shelf.vendor for shelf in shelves}
    shown = tuple(_shelf(shelf, known, doors) for shelf in shelves)
    location = next((shelf.location for shelf in shelves if shelf.vendor == XUR), None)
    return Wares(tuple(shelf for shelf in shown if shelf.groups), _where(known, location))


def beside(owned: Belongings, shelf: ShownShelf) -> ShownShelf:
    """The shelf as its visitor sees it who has these."""
    groups = (replace(group, offers=tuple(_beside(owned, offer) for offer in group.offers)) for group in shelf.groups)
    return replace(shelf, groups=tuple(groups))


def _beside(owned: Belongings, offer: Offer) -> Offer:
    prices = tuple(replace(price, held=owned.held.get(price.hash, 0)) for price in offer.prices)
    return replace(offer, prices=prices, copies=owned.copies.get(offer.hash, ()))


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

    def summary(self, item_hash: int) -> ItemSummary:
        return self.items.get(item_hash) or unknown_item(item_hash)


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


def _shelf(shelf: Shelf, known: _Known, doors: set[int]) -> ShownShelf:
    vendor = known.definition(VENDORS, shelf.vendor)
    groups = (
        OfferGroup(_category_name(vendor, category), tuple(_offers(category, vendor, known, doors)))
        for category in shelf.categories
    )
    name = display(vendor, "name") or ("Xûr" if shelf.vendor == XUR else UNKNOWN_VENDOR)
    return ShownShelf(shelf.vendor, name, tuple(group for group in groups if group.offers))


def _category_name(vendor: Mapping[str, Any], category: Category) -> str:
    shown = [mapping(each) for each in listing(vendor.get("displayCategories"))]
    by_index = {integer(each.get("index")): each for each in shown}
    return text(mapping(by_index.get(category.index, {}).get("displayProperties")).get("name"))


def _offers(category: Category, vendor: Mapping[str, Any], known: _Known, doors: set[int]) -> Iterator[Offer]:
    """Without the doors to shelves that stand on the page themselves."""
    for sale in category.sales:
        if previewed_vendor(dict(known.definition(ITEMS, sale.hash))) not in doors:
            yield _offer(sale, vendor, known)


def _offer(sale: Sale, vendor: Mapping[str, Any], known: _Known) -> Offer:
    summary, definition = known.summary(sale.hash), known.definition(ITEMS, sale.hash)
    style = known.items.get(sale.style_hash)
    sockets = _sockets(definition, sale)
    stats = _stats(sale, definition, sockets, known)
    return Offer(
        index=sale.index,
        hash=sale.hash,
        name=item_name(summary),
        type_name=summary.type_name,
        tier=summary.tier,
        tier_name=summary.tier_name,
        class_name="" if summary.class_type == ClassType.ANY else known.class_names.get(summary.class_type, ""),
        element=known.element_names.get(summary.damage_type, ""),
        icon=(style.icon if style else "") or summary.icon,
        description=display(definition, "description") or text(definition.get("flavorText")),
        quantity=sale.quantity,
        prices=tuple(_price(cost, known) for cost in sale.costs),
        stats=stats,
        total=armor_total(stats),
        perks=tuple(_perks(definition, sockets, known)),
        rolled=sale.parts.sockets is not None,
        varies=_varies(definition),
        known=sale.hash in known.items,
        classified=summary.redacted,
        ends_at=sale.ends_at,
        copies=(),
        refusals=tuple(_refusals(sale, vendor)),
    )


def _sockets(definition: Mapping[str, Any], sale: Sale) -> tuple[BareSocket, ...]:
    return perks.bare_sockets(definition, sale.parts.sockets, sale.parts.reusable)


def _stats(sale: Sale, definition: Mapping[str, Any], sockets: Iterable[BareSocket], known: _Known) -> tuple[Stat, ...]:
    told = told_values(sale.parts.stats or {})
    group = known.definition(STAT_GROUPS, stat_group(definition) or 0)
    return stats_of(definition, perks.active_plugs(sockets, known[ITEMS]), told, group, known[STATS])


def _perks(definition: Mapping[str, Any], sockets: Iterable[BareSocket], known: _Known) -> Iterator[Perk]:
    shown = perks.by_category(definition, sockets, known[ITEMS], {}, known[SOCKET_CATEGORIES], known[PERKS])
    for category in shown:
        if category.hash not in NO_ROLLS:
            yield from (Perk(each.plug, each.choices) for each in category.sockets if each.plug)


def _varies(definition: Mapping[str, Any]) -> bool:
    """Whether copies differ: then what its kind comes with is no word on this one."""
    entries = map(mapping, listing(mapping(definition.get("sockets")).get("socketEntries")))
    return any(each.get("randomizedPlugSetHash") or each.get("randomizedPlugItems") for each in entries)


def _price(cost: Cost, known: _Known) -> Price:
    summary = known.summary(cost.hash)
    return Price(cost.hash, item_name(summary), summary.icon, cost.quantity, None)


def _refusals(sale: Sale, vendor: Mapping[str, Any]) -> Iterator[str]:
    sentences = listing(vendor.get("failureStrings"))
    for index in sale.failures:
        sentence = text(sentences[index]) if 0 <= index < len(sentences) else ""
        if sentence:
            yield sentence


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
