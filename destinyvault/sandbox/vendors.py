"""Who sells what, and when: a few vendors of the Tower, and at the weekend Xûr with his second shelf."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.belongings import Item
from destinyvault.sandbox.catalog import Catalog, Kind
from destinyvault.sandbox.clock import Clock, iso
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.rolls import roll
from destinyvault.sandbox.world.forge import Forge
from destinyvault.sandbox.world.scenery import LIMITED, VENDORS, door

RESET_HOUR = 17
FRIDAY = 4
DAY, WEEK = 86400, 7 * 86400
LATE = 180  # seconds after a reset in which dates have turned but stocks have not (Bungie-net/api #1401)
PRICES = {
    facts.XUR: (((facts.STRANGE_COIN, 17),), ((facts.STRANGE_COIN, 41), (facts.GLIMMER, 5000))),
    facts.XUR_GEAR: (((facts.STRANGE_COIN, 9),), ((facts.GLIMMER, 10000),)),
}
USUAL_PRICES = (((facts.GLIMMER, 5000),), ((facts.BRIGHT_DUST, 100),))
GROUPS = {key: group for key, _, _, group in VENDORS}
# What visitors without a character are shown besides what everyone is: one class's armor (#1656).
SHOWN_TO_ALL = frozenset({facts.ANY_CLASS, facts.TITAN})
ALREADY_ACQUIRED, NO_UNLOCK = 0, 8  # of Xûr's failureStrings; of VendorItemStatus


@dataclass(frozen=True)
class Offer:
    """`index` is the vendor's own number for it; only a share of the numbers is on sale at any time."""

    index: int
    hash: int
    category: int
    costs: tuple[tuple[int, int], ...]
    quantity: int = 1
    kind: Kind | None = None
    ends_at: str = ""
    refused: bool = False

    @property
    def class_type(self) -> int:
        return self.kind.class_type if self.kind else facts.ANY_CLASS


def xur_is_here(moment: float) -> bool:
    """Friday 17:00 to Tuesday 17:00 UTC, summer and winter."""
    now = datetime.fromtimestamp(moment, UTC) - timedelta(hours=RESET_HOUR)
    return now.weekday() >= FRIDAY or now.weekday() == 0


def week_of(moment: float, first_day: int) -> int:
    """Counts the weeks from the reset of a day: 5 for Tuesday's, 1 for Friday's (1 January 1970 was a Thursday)."""
    return int((moment - LATE - first_day * DAY - RESET_HOUR * 3600) // WEEK)


def next_reset(moment: float) -> str:
    now = datetime.fromtimestamp(moment, UTC)
    reset = now.replace(hour=RESET_HOUR, minute=0, second=0, microsecond=0)
    return iso((reset if reset > now else reset + timedelta(days=1)).timestamp())


class Market:
    """Every vendor's stock at every moment. `away` and `disabled` are ordered: he leaves early for patches."""

    def __init__(self, forge: Forge, catalog: Catalog, clock: Clock) -> None:
        self.forge, self.catalog, self.clock = forge, catalog, clock
        self.reset()

    def reset(self) -> None:
        self.away: set[int] = set()
        self.disabled: set[int] = set()

    def present(self) -> list[int]:
        """Xûr's second shelf is told of all week, so that it does not say whether he is here."""
        gone = self.away if xur_is_here(self.clock.now()) else self.away | {facts.XUR}
        return [key for key in GROUPS if key not in gone]

    def vendors(self, wanted: frozenset[int], class_type: int | None = None) -> dict[str, Any]:
        """GetVendors for a character, or GetPublicVendors (class_type None).

        What the items are made of is not told in bulk, though the spec has a place for it.
        """
        personal = class_type is not None
        stocks = {key: self.visible(key, class_type) for key in self.present()}
        told: dict[str, Any] = {}
        if 400 in wanted:
            told["vendorGroups"] = component(self.groups())
            told["vendors"] = component({str(key): self.vendor(key, personal) for key in stocks})
        if 401 in wanted:
            told["categories"] = component({str(key): categories(offers) for key, offers in stocks.items()})
        if 402 in wanted:
            told["sales"] = component({str(key): {"saleItems": sales(them, personal)} for key, them in stocks.items()})
        if personal and wanted & ITEM_COMPONENTS.keys():
            told["itemComponents"] = {}
        return told

    def one_vendor(self, wanted: frozenset[int], key: int, class_type: int) -> dict[str, Any] | None:
        """GetVendor: that one alone, none of those behind its doors; None when it is away or was never here."""
        if key not in self.present():
            return None
        offers = self.visible(key, class_type)
        told: dict[str, Any] = {}
        if 400 in wanted:
            told["vendor"] = component(self.vendor(key, True))
        if 401 in wanted:
            told["categories"] = component(categories(offers))
        if 402 in wanted:
            told["sales"] = component(sales(offers, True))
        if wanted & ITEM_COMPONENTS.keys():
            told["itemComponents"] = self.item_components(wanted, key, offers)
        return told

    def groups(self) -> dict[str, Any]:
        by_group: dict[int, list[int]] = {}
        for key in self.present():
            by_group.setdefault(GROUPS[key], []).append(key)
        return {"groups": [{"vendorGroupHash": group, "vendorHashes": keys} for group, keys in by_group.items()]}

    def vendor(self, key: int, personal: bool) -> dict[str, Any]:
        refresh = next_reset(self.clock.now())  # daily for all of them (#1547)
        told: dict[str, Any] = {"vendorHash": key, "nextRefreshDate": refresh, "enabled": key not in self.disabled}
        return told | ({"canPurchase": True, "vendorLocationIndex": 0} if personal else {})

    def visible(self, key: int, class_type: int | None) -> list[Offer]:
        shown = SHOWN_TO_ALL if class_type is None else {facts.ANY_CLASS, class_type}
        return [offer for offer in self.stock(key) if offer.class_type in shown]

    def week(self, key: int) -> int:
        return week_of(self.clock.now(), 1 if GROUPS[key] == LIMITED else 5)

    def stock(self, key: int) -> list[Offer]:
        rng = self.forge.rng("stock", key, self.week(key))
        if key == facts.XUR:
            offers = [*self.own_wares(rng), *self.curiosities()]
        elif key == facts.XUR_GEAR:
            offers = list(self.gear(rng))
        else:
            buckets = (facts.KINETIC, facts.POWER, facts.CHEST, facts.CONSUMABLES)
            kinds = [kind for bucket in buckets for kind in self.catalog.sample(rng, bucket, 2)]
            offers = [self.offer(key, 0, kind, rng) for kind in kinds]
        return [Offer(**{**vars(offer), "index": 3 + 7 * number}) for number, offer in enumerate(offers)]

    def own_wares(self, rng: random.Random) -> Iterator[Offer]:
        for bucket in facts.WEAPON_BUCKETS:
            for kind in self.exotics(rng, bucket):
                yield self.offer(facts.XUR, 2, kind, rng)
        for number, kind in enumerate(self.catalog.sample(rng, facts.CONSUMABLES, 3)):
            daily = {"ends_at": next_reset(self.clock.now())} if number == 0 else {"refused": number == 1}
            yield self.offer(facts.XUR, 1, kind, rng, **daily)

    def curiosities(self) -> Iterator[Offer]:
        """The door to his second shelf, and a thing and a currency that the Manifest has not heard of."""
        yield Offer(0, door(self.forge), 3, ())
        yield Offer(0, self.forge.hash("strange offer"), 0, ((self.forge.hash("strange currency"), 3),))

    def gear(self, rng: random.Random) -> Iterator[Offer]:
        for class_type in facts.CLASS_HASHES:
            for kind in self.exotics(rng, rng.choice(facts.ARMOR_BUCKETS[:4]), class_type):
                yield self.offer(facts.XUR_GEAR, 0, kind, rng)
        for bucket in (facts.KINETIC, facts.ENERGY):
            for kind in self.catalog.sample(rng, bucket, 3):
                yield self.offer(facts.XUR_GEAR, 1, kind, rng)
        for bucket in facts.ARMOR_BUCKETS:
            for class_type in facts.CLASS_HASHES:
                for kind in self.catalog.sample(rng, bucket, 1, class_type):
                    yield self.offer(facts.XUR_GEAR, 2, kind, rng)

    def exotics(self, rng: random.Random, bucket: int, class_type: int = facts.ANY_CLASS) -> list[Kind]:
        kinds = [kind for kind in self.catalog.by_bucket[bucket] if kind.tier == facts.EXOTIC]
        fitting = [kind for kind in kinds if kind.class_type == class_type]
        return rng.sample(fitting, min(1, len(fitting)))

    def offer(self, key: int, category: int, kind: Kind, rng: random.Random, **more: Any) -> Offer:
        quantity = 1 if kind.instanced else rng.randint(1, 10)
        return Offer(0, kind.hash, category, rng.choice(PRICES.get(key, USUAL_PRICES)), quantity, kind, **more)

    def item_components(self, wanted: frozenset[int], key: int, offers: Iterable[Offer]) -> dict[str, Any]:
        """Keyed by the index of the sale; the same copy for everybody who may buy it."""
        copies = {offer.index: self.copy(key, offer) for offer in offers if offer.kind and offer.kind.instanced}
        return {
            name: component({str(index): tell(copy) for index, copy in copies.items() if has(copy)})
            for number, (name, has, tell) in ITEM_COMPONENTS.items()
            if number in wanted
        }

    def copy(self, key: int, offer: Offer) -> Item:
        gear = offer.kind.type in (facts.WEAPON_TYPE, facts.ARMOR_TYPE)
        rng = self.forge.rng("copy", key, self.week(key), offer.index)
        power = rng.randrange(1930, 2011) if gear else 0
        item = Item(offer.hash, offer.kind.bucket, offer.kind.bucket, power=power, kind=offer.kind)
        roll(item, self.catalog.numbers, rng)
        return item


def categories(offers: Iterable[Offer]) -> dict[str, Any]:
    by_category: dict[int, list[int]] = {}
    for offer in offers:
        by_category.setdefault(offer.category, []).append(offer.index)
    shown = [{"displayCategoryIndex": index, "itemIndexes": them} for index, them in sorted(by_category.items())]
    return {"categories": shown}


def sales(offers: Iterable[Offer], personal: bool) -> dict[str, Any]:
    return {str(offer.index): sale(offer, personal=personal) for offer in offers}


def sale(offer: Offer, *, personal: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "vendorItemIndex": offer.index,
        "itemHash": offer.hash,
        "quantity": offer.quantity,
        "costs": [
            {"itemHash": currency, "quantity": price, "hasConditionalVisibility": False}
            for currency, price in offer.costs
        ],
        "apiPurchasable": False,
    }
    if offer.ends_at:
        told["overrideNextRefreshDate"] = offer.ends_at
    if personal:
        failures = [ALREADY_ACQUIRED] if offer.refused else []
        told |= {"saleStatus": NO_UNLOCK if offer.refused else 0, "failureIndexes": failures}
        told |= {"augments": 0, "itemValueVisibility": [True]}
    return told


def component(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "privacy": 1}
