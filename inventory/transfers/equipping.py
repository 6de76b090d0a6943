"""What a character wears: taken off by wearing something else, and of exotics only one of a kind. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.profile import HeldItem

from . import refusing
from .draft import Draft, is_lost
from .holdings import VAULT, Place
from .refusing import Refused
from .room import Cargo, bring
from .slots import EXOTIC, exotic_group, fits
from .steps import PlannedStep, StepKind, Why

TAGS = {tag: rank for rank, tag in enumerate(("favorite", "keep", "", "infuse", "junk", "archive"))}
MOST_TRIED = 4


def take_off(draft: Draft, number: int, held: HeldItem, *, no_exotic: bool, make_room: bool) -> None:
    """Raises Blocked, and Refused where there is nothing else to wear; `no_exotic` where one is still to be worn."""
    group = exotic_group(EXOTIC, held.bucket_hash)
    no_exotic = no_exotic or bool(worn_exotics(draft, held.owner or "", group, but=held.bucket_hash))
    refusal = refusing.cannot_unequip(draft.name(held.hash))
    _wear_instead(draft, number, held, Why.REPLACEMENT, refusal, no_exotic, make_room)


def take_off_exotic(draft: Draft, number: int, worn: HeldItem, wanted: HeldItem) -> None:
    refusal = refusing.one_exotic(draft.name(wanted.hash), draft.name(worn.hash))
    _wear_instead(draft, number, worn, Why.ONE_EXOTIC, refusal, no_exotic=True, make_room=True)


def worn_exotics(draft: Draft, character_id: str, group: frozenset[int], but: int) -> list[HeldItem]:
    worn = (draft.holdings.worn(character_id, bucket) for bucket in sorted(group - {but}))
    return [held for held in worn if held and draft.kind(held.hash).tier == EXOTIC]


def wear(draft: Draft, character_id: str, wanted: list[tuple[int, str]]) -> None:
    """All of it at once, exotics last, so that what takes off the other exotic comes before."""
    found = [(number, draft.holdings.find(instance_id)) for number, instance_id in wanted]
    order = [(number, held) for number, held in found if held and not held.equipped]
    order.sort(key=lambda each: draft.kind(each[1].hash).tier == EXOTIC)
    if len(order) == 1:
        draft.do(StepKind.EQUIP, order[0][0], Why.WANTED, order[0][1], character_id)
    elif order:
        ids = tuple(held.instance_id or "" for _, held in order)
        number, first = order[0]
        draft.add(PlannedStep(StepKind.EQUIP_MANY, number, Why.WANTED, None, first.hash, character_id, item_ids=ids))


def _wear_instead(
    draft: Draft, number: int, held: HeldItem, why: Why, refusal: Refused, no_exotic: bool, make_room: bool
) -> None:
    here: Place = (held.owner, held.bucket_hash)
    mark = draft.mark()
    for tried, other in enumerate(_replacements(draft, held, no_exotic)):
        if not draft.move_others:
            raise refusing.would_wear_others(draft.name(held.hash), draft.name(other.hash))
        try:
            bring(draft, Cargo(number, why, other, here), make_room=make_room)
        except Refused as refused:
            draft.back_to(mark)
            refusal = refused
            if tried + 1 == MOST_TRIED:
                break
        else:
            draft.do(StepKind.EQUIP, number, why, draft.holdings.find(other.instance_id) or other, held.owner or "")
            return
    raise refusal


def _replacements(draft: Draft, held: HeldItem, no_exotic: bool) -> Iterator[HeldItem]:
    """Of the same character first, then of the vault, then of the others."""
    slot = held.bucket_hash
    here = (held.owner, slot)
    for place in (here, VAULT, *(each for each in draft.places(slot) if each != here)):
        there = [other for other in draft.holdings.at(place) if _suits(draft, other, held, no_exotic, place == here)]
        yield from sorted(there, key=lambda other: _liking(draft, other, held))


def _suits(draft: Draft, other: HeldItem, held: HeldItem, no_exotic: bool, is_here: bool) -> bool:
    is_free = other.instance_id not in draft.named and other.instance_id not in draft.later
    if other.equipped or other.instance_id is None or not is_free or is_lost(other):
        return False
    kind = draft.kind(other.hash)
    if draft.slot(other) != held.bucket_hash or not kind.equippable or (no_exotic and kind.tier == EXOTIC):
        return False
    return fits(kind.class_type, draft.class_type(held.owner or "")) and (is_here or draft.is_movable(other))


def _liking(draft: Draft, other: HeldItem, held: HeldItem) -> tuple[bool | int | str | None, ...]:
    kind = draft.kind(other.hash)
    return (
        kind.tier == EXOTIC,
        not kind.name,  # classified: nobody could tell what was put on
        kind.type_name != draft.kind(held.hash).type_name,
        TAGS.get(draft.world.tags.get(other.instance_id or "", ""), TAGS[""]),
        -kind.tier,
        -(other.power or 0),
        other.instance_id,
    )
