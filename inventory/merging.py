"""A newer reply over the one held, component by component: what Bungie left out stays as it was last known.

The outcome has the form of a GetProfile reply, with a note of each component that was kept. The times of minting are
left out, so that an unchanged profile is the same bytes again. (None of the components that are asked for goes by the
secondary time; records and collectibles would.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .profile import why_missing
from .untrusted import identity, listing, mapping, moment

Json = dict[str, Any]
SHARED = "profileInventory"
LISTS = (SHARED, "characterInventories", "characterEquipment")
SETS = "itemComponents"
MINTED = ("responseMintedTimestamp", "secondaryComponentsMintedTimestamp")
NOTES = "destinyVaultKept"


@dataclass(frozen=True, slots=True)
class Kept:
    """`why` no newer data came, and when the data was made."""

    why: str
    minted_at: datetime


def merge(reply: Json, held: Json, held_minted_at: datetime) -> Json:
    """An item that moved from a kept component into one that came is where the newer one has it, and nowhere else."""
    sets, held_sets = mapping(reply.get(SETS)), mapping(held.get(SETS))
    lacking = {**_lacking(reply, held), **_lacking(sets, held_sets)}
    parts = {name: part for name, part in reply.items() if name not in MINTED}
    parts |= {name: held[name] for name in lacking if name in held}
    came = set(_instances(reply))
    lists = {name: _without(name, parts[name], came) for name in LISTS if name in lacking}
    stayed = set(_instances(lists))
    before = mapping(held.get(NOTES))
    return {
        **parts,
        **lists,
        SETS: {name: _set(sets.get(name), held_sets.get(name), stayed) for name in {**held_sets, **sets}},
        NOTES: {name: _note(why, before.get(name), held_minted_at) for name, why in lacking.items()},
    }


def kept(merged: Json) -> dict[str, Kept]:
    """By the component's name in the reply."""
    notes = mapping(merged.get(NOTES)).items()
    return {name: Kept(note["why"], moment(note["minted_at"])) for name, note in notes}


def _lacking(reply: Json, held: Json) -> dict[str, str]:
    """What is held and did not come, and why not."""
    known = (name for name, part in held.items() if not why_missing(part))
    return {name: why for name in known if (why := why_missing(reply.get(name)))}


def _note(why: str, before: Json | None, held_minted_at: datetime) -> Json:
    return {"why": why, "minted_at": before["minted_at"] if before else held_minted_at.isoformat()}


def _instances(parts: Mapping[str, object]) -> Iterator[str]:
    for name in LISTS:
        for bag in _bags(name, mapping(mapping(parts.get(name)).get("data"))):
            yield from filter(None, map(_instance, listing(bag.get("items"))))


def _instance(item: object) -> str | None:
    return identity(mapping(item).get("itemInstanceId"))


def _bags(name: str, data: Json) -> Iterable[Json]:
    return [data] if name == SHARED else map(mapping, data.values())


def _without(name: str, part: Json, came: set[str]) -> Json:
    def rest(bag: object) -> Json:
        bag = mapping(bag)
        return {**bag, "items": [item for item in listing(bag.get("items")) if _instance(item) not in came]}

    data = part["data"]
    return {**part, "data": rest(data) if name == SHARED else {owner: rest(bag) for owner, bag in data.items()}}


def _set(part: object, held: object, stayed: set[str]) -> object:
    """Bungie tells of an item only where it sent the list with it: those in a kept list are told of as they were."""
    if why_missing(part):
        return part if why_missing(held) else held
    known = {} if why_missing(held) else mapping(held)["data"]
    still_held = {key: value for key, value in known.items() if key in stayed}
    return {**mapping(part), "data": still_held | mapping(part)["data"]}
