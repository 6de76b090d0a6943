"""Who sells what, and when: a few vendors of the Tower, and Xûr with his second shelf at the weekend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.catalog import Catalog
from destinyvault.sandbox.clock import iso
from destinyvault.sandbox.world.forge import Forge
from destinyvault.sandbox.world.scenery import LIMITED, VENDORS

RESET_HOUR = 17
FRIDAY = 4
COSTS = ((facts.GLIMMER, 5000), (facts.BRIGHT_DUST, 100))


@dataclass(frozen=True)
class Offer:
    index: int
    hash: int
    quantity: int
    class_type: int
    cost: tuple[int, int]


def xur_is_here(moment: float) -> bool:
    """Friday 17:00 to Tuesday 17:00 UTC, summer and winter."""
    now = datetime.fromtimestamp(moment, UTC) - timedelta(hours=RESET_HOUR)
    return now.weekday() >= FRIDAY or now.weekday() == 0


def week_of(moment: float) -> int:
    """Counts the weeks from Tuesday's reset."""
    return int((moment - 5 * 86400 - RESET_HOUR * 3600) // (7 * 86400))


def next_reset(moment: float) -> str:
    now = datetime.fromtimestamp(moment, UTC)
    reset = now.replace(hour=RESET_HOUR, minute=0, second=0, microsecond=0)
    return iso((reset if reset > now else reset + timedelta(days=1)).timestamp())


def present(moment: float) -> list[tuple[int, int]]:
    """The vendors that are to be found now, each with its group."""
    return [(key, group) for key, _, _, group in VENDORS if group != LIMITED or xur_is_here(moment)]


def stock(forge: Forge, catalog: Catalog, vendor: int, moment: float) -> list[Offer]:
    rng = forge.rng("stock", vendor, week_of(moment))
    kinds = []
    if vendor == facts.XUR_GEAR:
        for bucket in facts.ARMOR_BUCKETS:
            for class_type in facts.CLASS_HASHES:
                kinds += catalog.sample(rng, bucket, 1, class_type)
        kinds += catalog.sample(rng, facts.KINETIC, 3) + catalog.sample(rng, facts.ENERGY, 3)
    elif vendor == facts.XUR:
        for bucket in (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS[:4]):
            exotics = [kind for kind in catalog.by_bucket[bucket] if kind.tier == facts.EXOTIC]
            kinds += rng.sample(exotics, min(1, len(exotics)))
        kinds += catalog.sample(rng, facts.CONSUMABLES, 3)
    else:
        for bucket in (facts.KINETIC, facts.POWER, facts.CHEST, facts.CONSUMABLES):
            kinds += catalog.sample(rng, bucket, 2)
    return [
        Offer(number, kind.hash, 1 if kind.instanced else rng.randint(1, 10), kind.class_type, rng.choice(COSTS))
        for number, kind in enumerate(kinds)
    ]


def vendor(key: int, moment: float, *, personal: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"vendorHash": key, "nextRefreshDate": next_reset(moment), "enabled": True}
    return told | ({"canPurchase": True, "vendorLocationIndex": 0} if personal else {})


def categories(offers: Iterable[Offer]) -> dict[str, Any]:
    return {"categories": [{"displayCategoryIndex": 0, "itemIndexes": [offer.index for offer in offers]}]}


def sale(offer: Offer, *, personal: bool) -> dict[str, Any]:
    currency, price = offer.cost
    told: dict[str, Any] = {
        "vendorItemIndex": offer.index,
        "itemHash": offer.hash,
        "quantity": offer.quantity,
        "costs": [{"itemHash": currency, "quantity": price, "hasConditionalVisibility": False}],
        "apiPurchasable": False,
    }
    if personal:
        told |= {"saleStatus": 0, "failureIndexes": [], "augments": 0, "itemValueVisibility": [True]}
    return told


def groups(moment: float) -> dict[str, Any]:
    by_group: dict[int, list[int]] = {}
    for key, group in present(moment):
        by_group.setdefault(group, []).append(key)
    return {"groups": [{"vendorGroupHash": group, "vendorHashes": keys} for group, keys in by_group.items()]}


def vendors(
    forge: Forge, catalog: Catalog, wanted: frozenset[int], moment: float, class_type: int | None = None
) -> dict[str, Any]:
    """GetVendors for a character, or GetPublicVendors (class_type None): that one shows only what all classes see."""
    personal = class_type is not None
    stocks = {key: visible(stock(forge, catalog, key, moment), class_type) for key, _ in present(moment)}
    told: dict[str, Any] = {}
    if 400 in wanted:
        told["vendorGroups"] = component(groups(moment))
        told["vendors"] = component({str(key): vendor(key, moment, personal=personal) for key in stocks})
    if 401 in wanted:
        told["categories"] = component({str(key): categories(offers) for key, offers in stocks.items()})
    if 402 in wanted:
        told["sales"] = component({str(key): sales(offers, personal) for key, offers in stocks.items()})
    return told


def one_vendor(
    forge: Forge, catalog: Catalog, wanted: frozenset[int], moment: float, key: int, class_type: int
) -> dict[str, Any] | None:
    """GetVendor; None when the vendor is away or was never here."""
    if key not in dict(present(moment)):
        return None
    offers = visible(stock(forge, catalog, key, moment), class_type)
    told: dict[str, Any] = {}
    if 400 in wanted:
        told["vendor"] = component(vendor(key, moment, personal=True))
    if 401 in wanted:
        told["categories"] = component(categories(offers))
    if 402 in wanted:
        told["sales"] = component(sales(offers, True)["saleItems"])
    return told


def visible(offers: list[Offer], class_type: int | None) -> list[Offer]:
    shown = (facts.ANY_CLASS,) if class_type is None else (facts.ANY_CLASS, class_type)
    return [offer for offer in offers if offer.class_type in shown]


def sales(offers: Iterable[Offer], personal: bool) -> dict[str, Any]:
    return {"saleItems": {str(offer.index): sale(offer, personal=personal) for offer in offers}}


def component(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "privacy": 1}
