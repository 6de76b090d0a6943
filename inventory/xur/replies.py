"""What Bungie tells of a vendor, as typed values. Pure; the shape of replies is not trusted.

GetVendor tells of one vendor, GetPublicVendors of all: `one_of` cuts the former's shape out of the latter's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from destinyvault.bungie.errors import BungieDown
from inventory.untrusted import definition_hash, integer, listing, mapping, moment

XUR = 2190858386
GEAR = 3751514131  # what he sells beside his own stock is kept by vendors of their own, of which this one is known


@dataclass(frozen=True, slots=True)
class Cost:
    hash: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The data of the item's components for this sale; None where Bungie sent none, as to the public."""

    stats: dict[str, Any] | None = None
    sockets: dict[str, Any] | None = None
    reusable: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """`index` is the vendor's own number for it. `failures` are indexes of the vendor's sentences why not."""

    index: int
    hash: int
    style_hash: int
    quantity: int
    costs: tuple[Cost, ...]
    failures: tuple[int, ...]
    ends_at: datetime | None
    parts: Parts


@dataclass(frozen=True, slots=True)
class Category:
    """`index` counts the display categories of the vendor's definition; None for sales that no category lists."""

    index: int | None
    sales: tuple[Sale, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One vendor's stock; `location` counts the locations of the vendor's definition, None where it is not told."""

    vendor: int
    location: int | None
    categories: tuple[Category, ...]

    @property
    def sales(self) -> Iterator[Sale]:
        return (sale for category in self.categories for sale in category.sales)


def one_of(public: object, vendor: int) -> dict[str, Any] | None:
    """GetPublicVendors' word on one vendor in GetVendor's shape, None for one who is not there.

    Raises BungieDown for a reply that tells of no vendors at all: then nothing is known, not that he is away.
    """
    told = mapping(public)
    vendors = mapping(told.get("vendors")).get("data")
    if not isinstance(vendors, dict):
        raise BungieDown(message="Bungie's answer holds no vendors.")
    key = str(vendor)
    if not isinstance(vendors.get(key), dict):
        return None
    categories, sales = (mapping(mapping(told.get(name)).get("data")).get(key) for name in ("categories", "sales"))
    return {
        "vendor": {"data": vendors[key]},
        "categories": {"data": mapping(categories)},
        "sales": {"data": mapping(mapping(sales).get("saleItems"))},
    }


def is_here(reply: object) -> bool:
    """Of GetVendor's shape. Raises BungieDown where the vendor's own component did not come."""
    vendor = mapping(mapping(reply).get("vendor")).get("data")
    if not isinstance(vendor, dict):
        raise BungieDown(message="Bungie's answer holds no vendor.")
    return vendor.get("enabled") is not False


def parse_shelf(vendor: int, reply: object) -> Shelf:
    told = {name: mapping(mapping(mapping(reply).get(name)).get("data")) for name in ("vendor", "categories", "sales")}
    components = mapping(mapping(reply).get("itemComponents"))
    found = (_sale(index, raw, components) for index, raw in told["sales"].items())
    sales = {sale.index: sale for sale in found if sale}
    return Shelf(
        vendor=vendor,
        location=integer(told["vendor"].get("vendorLocationIndex")),
        categories=tuple(_categories(told["categories"], sales)),
    )


def _categories(told: dict[str, Any], sales: dict[int, Sale]) -> Iterator[Category]:
    """In Bungie's order; a sale stands in one category, and what none lists comes last: nothing is lost from view."""
    left = dict(sales)
    for raw in map(mapping, listing(told.get("categories"))):
        indexes = (integer(each) for each in listing(raw.get("itemIndexes")))
        listed = tuple(left.pop(index) for index in indexes if index in left)
        if listed:
            yield Category(integer(raw.get("displayCategoryIndex")), listed)
    if left:
        yield Category(None, tuple(left.values()))


def _sale(key: str, raw: object, components: dict[str, Any]) -> Sale | None:
    raw = mapping(raw)
    index, item_hash = integer(key), definition_hash(raw.get("itemHash"))
    if index is None or item_hash is None:
        return None
    return Sale(
        index=index,
        hash=item_hash,
        style_hash=definition_hash(raw.get("overrideStyleItemHash")) or 0,
        quantity=integer(raw.get("quantity")) or 1,
        costs=tuple(_costs(raw)),
        failures=tuple(each for each in map(integer, listing(raw.get("failureIndexes"))) if each is not None),
        ends_at=moment(raw.get("overrideNextRefreshDate")),
        parts=Parts(*(_part(components, name, key) for name in ("stats", "sockets", "reusablePlugs"))),
    )


def _costs(sale: dict[str, Any]) -> Iterator[Cost]:
    for raw in map(mapping, listing(sale.get("costs"))):
        currency, quantity = definition_hash(raw.get("itemHash")), integer(raw.get("quantity"))
        if currency and quantity:  # vendors have costs of nothing
            yield Cost(currency, quantity)


def _part(components: dict[str, Any], name: str, key: str) -> dict[str, Any] | None:
    """Components of vendors' items are keyed by the index of the sale."""
    found = mapping(mapping(components.get(name)).get("data")).get(key)
    return found if isinstance(found, dict) else None
