"""Xûr as JSON, for everybody. Nothing in it is of the person who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from inventory.perks import Plug

from .offers import Offer, Price, ShownShelf
from .page import USUAL_PLACE, Stall, look

router = Router(auth=None)
Source = Literal["bungie", "schedule"]


class SourceReply(BaseModel):
    version: str
    language: str


class PlaceReply(BaseModel):
    """`name` is empty where neither Bungie nor the Manifest tells; `usual` is where he has stood since 2024."""

    name: str
    usual: str


class CostReply(BaseModel):
    hash: int
    name: str
    icon: str
    quantity: int


class StatReply(BaseModel):
    hash: int
    name: str
    value: int


class PlugReply(BaseModel):
    hash: int
    name: str
    description: str
    icon: str


class PerkReply(PlugReply):
    """`choices` can be put in its place."""

    choices: list[PlugReply]


class OfferReply(BaseModel):
    """`stats` and `perks` are those that its kind comes with; `varies` where each copy rolls its own.

    `class` is null for all of them, `ends_at` set where this offer alone ends at another time.
    """

    hash: int
    name: str
    type: str
    tier: str
    class_name: str | None = Field(serialization_alias="class")
    element: str | None
    icon: str
    quantity: int
    costs: list[CostReply]
    stats: list[StatReply]
    perks: list[PerkReply]
    varies: bool
    known: bool
    ends_at: datetime | None


class CategoryReply(BaseModel):
    name: str
    offers: list[OfferReply]


class ShelfReply(BaseModel):
    vendor: int
    name: str
    categories: list[CategoryReply]


class XurReply(BaseModel):
    """`source` says who tells whether he is here. The times are his usual ones, save `since` when he was seen coming.

    `stock_is_current` is false for what he sold last: he is away, or Bungie has not told of his stock this time.
    """

    here: bool
    source: Source
    since: datetime | None
    since_source: Source | None
    until: datetime | None
    returns: datetime | None
    place: PlaceReply
    as_of: datetime | None
    trouble: str | None
    manifest: SourceReply | None
    stock_as_of: datetime | None
    stock_is_current: bool
    shelves: list[ShelfReply]


@router.get("xur", response=XurReply, by_alias=True)
def xur(request: HttpRequest, language: str = "") -> XurReply:
    """Whether Xûr is here, since and until when, where, and what he sells to everybody."""
    return _reply(look(language=language.replace("\0", "") or request.manifest_language()))


def _reply(stall: Stall) -> XurReply:
    told = stall.presence
    since_source: Source = "bungie" if told.seen_coming else "schedule"
    return XurReply(
        here=told.here,
        source="bungie" if told.told else "schedule",
        since=told.since,
        since_source=since_source if told.since else None,
        until=told.until,
        returns=told.returns,
        place=PlaceReply(name=stall.where, usual=USUAL_PLACE),
        as_of=told.as_of,
        trouble=told.trouble or None,
        manifest=SourceReply(version=stall.live.version, language=stall.live.language) if stall.live else None,
        stock_as_of=stall.stock_at,
        stock_is_current=stall.current,
        shelves=[_shelf(shelf) for shelf in stall.shelves],
    )


def _shelf(shelf: ShownShelf) -> ShelfReply:
    categories = [
        CategoryReply(name=group.name, offers=[_offer(offer) for offer in group.offers]) for group in shelf.groups
    ]
    return ShelfReply(vendor=shelf.vendor, name=shelf.name, categories=categories)


def _offer(offer: Offer) -> OfferReply:
    return OfferReply(
        hash=offer.hash,
        name=offer.name,
        type=offer.type_name,
        tier=offer.tier_name,
        class_name=offer.class_name or None,
        element=offer.element or None,
        icon=offer.icon,
        quantity=offer.quantity,
        costs=[_cost(price) for price in offer.prices],
        stats=[StatReply(hash=stat.hash, name=stat.name, value=stat.value) for stat in offer.stats],
        perks=[
            PerkReply(**_plug(perk.plug), choices=[PlugReply(**_plug(each)) for each in perk.choices])
            for perk in offer.perks
        ],
        varies=offer.varies,
        known=offer.known,
        ends_at=offer.ends_at,
    )


def _plug(plug: Plug) -> dict[str, Any]:
    return {"hash": plug.hash, "name": plug.name, "description": plug.description, "icon": plug.icon}


def _cost(price: Price) -> CostReply:
    return CostReply(hash=price.hash, name=price.name, icon=price.icon, quantity=price.quantity)
