"""What staff see of a job: each wish and each step, with the ids of the items and Bungie's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from destinyvault.bungie.enums import PlatformError
from inventory.summaries import summaries
from inventory.vault import item_name, unknown_item
from manifest import lookup

from .models import Step, Transfer
from .naming import hashes_of
from .steps import Why
from .wants import Kind, Want

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Item:
    """`outcome` is Bungie's answer about it alone: of items that are equipped together each has one."""

    name: str
    id: str | None
    hash: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class InspectedWish:
    number: int  # from 1, as steps have it
    wish: Want
    item: Item
    refusal: str


@dataclass(frozen=True, slots=True)
class InspectedStep:
    step: Step
    items: tuple[Item, ...]

    @property
    def why(self) -> str:
        return Why(self.step.why).label

    @property
    def answer(self) -> str:
        return _answer(self.step.code)


def wishes(job: Transfer, page: str | None) -> Page:
    """Of InspectedWish; those that cannot be met come first."""
    refusals = {each["want"]: each["message"] for each in job.refusals}
    numbered = sorted(enumerate(map(Want.of, job.wants)), key=lambda each: each[0] not in refusals)
    shown = Paginator(numbered, ON_A_PAGE).get_page(page)
    name = _names(hashes_of(wish for _, wish in shown))
    shown.object_list = [
        InspectedWish(number + 1, wish, _wanted(wish, name), refusals.get(number, "")) for number, wish in shown
    ]
    return shown


def steps(job: Transfer, page: str | None) -> Page:
    """Of InspectedStep."""
    shown = Paginator(job.steps.order_by("number"), ON_A_PAGE).get_page(page)
    rows: Sequence[Step] = list(shown)
    together = {each for step in rows for each in step.item_ids}
    hashes = {each["item_id"]: each["item_hash"] for each in job.wants if each["item_id"] in together}
    name = _names(hashes_of((), rows) | {each for each in hashes.values() if each})
    shown.object_list = [InspectedStep(step, _items(step, hashes, name)) for step in rows]
    return shown


def _names(hashes: Iterable[int]) -> Callable[[int], str]:
    kinds = summaries(lookup.live(""), set(hashes))
    return lambda item_hash: item_name(kinds.get(item_hash) or unknown_item(item_hash)) if item_hash else ""


def _wanted(wish: Want, name: Callable[[int], str]) -> Item:
    told = f"Bucket {wish.item_hash}" if wish.kind == Kind.ROOM else name(wish.item_hash)
    return Item(told, wish.item_id, wish.item_hash)


def _items(step: Step, hashes: dict[str, int], name: Callable[[int], str]) -> tuple[Item, ...]:
    if not step.item_ids:
        return (Item(name(step.item_hash), step.item_id, step.item_hash),)
    codes = step.outcomes
    return tuple(
        Item(name(hashes.get(each, 0)), each, hashes.get(each, 0), _answer(codes.get(each))) for each in step.item_ids
    )


def _answer(code: int | None) -> str:
    """Such as "1642 DestinyNoRoomInDestination"."""
    if code is None:
        return ""
    known = code in PlatformError._value2member_map_
    return f"{code} {PlatformError(code).name}" if known else str(code)
