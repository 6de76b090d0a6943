"""All that one person owns and where there is room, as the planner needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max

from accounts.models import Membership
from accounts.people import Player
from destinyvault.bungie.enums import Bucket as Slot
from destinyvault.bungie.enums import ClassType
from inventory import snapshots
from inventory.profile import Character, HeldItem
from inventory.reading import Reading, read
from inventory.summaries import summaries
from inventory.vault import NEVER
from inventory.words import Bucket, Words
from manifest import lookup
from manifest.lookup import ItemSummary
from manifest.tables import ITEMS

from .models import Step, StepStatus, Transfer
from .steps import MOVES, Why

RECENT_JOBS = 100  # whose moves count: who moved an item longer ago does not mind where it lies


@dataclass
class World:
    """`characters` last played first; `kinds` what the Manifest says of the items' hashes.

    `class_types` and `names` are the characters', by id. `side_effects` holds the hashes of what must not be pulled
    from the postmaster. What follows is the person's own: `tags` by instance id, `loadouts` the instance ids of each
    character's, `moved_by_hand` when, by instance id; any number that grows will do. `locks` says how items were locked
    before our own moves, where a move may have changed it: it is set again.
    """

    characters: tuple[Character, ...]
    items: list[HeldItem]
    kinds: Mapping[int, ItemSummary]
    buckets: Mapping[int, Bucket]
    class_types: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    side_effects: frozenset[int] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    loadouts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    moved_by_hand: Mapping[str, float] = field(default_factory=dict)
    locks: Mapping[str, bool] = field(default_factory=dict)


def world_of(player: Player) -> World:
    """As last known, with what our own calls have changed since. Raises BungieError where nothing is known yet."""
    seen = snapshots.known(player) or snapshots.latest(player)
    return world_from(read(seen))


def world_from(reading: Reading) -> World:
    profile, words = reading.seen.profile, reading.words
    lost = {held.hash for held in profile.items if held.bucket_hash == Slot.LOST_ITEMS}
    return World(
        characters=last_played_first(profile.characters),
        items=list(profile.items),
        kinds=summaries(reading.live, {held.hash for held in profile.items}),
        buckets=words.buckets,
        class_types=class_types(reading),
        names={each.id: words.class_of(each.class_hash, each.gender_hash) for each in profile.characters},
        side_effects=_with_side_effects(reading.live, lost),
        moved_by_hand=_moved_by_hand(reading.seen.player.membership),
    )


def class_types(reading: Reading) -> dict[str, int]:
    """Of the characters, by id, last played first."""
    played = last_played_first(reading.seen.profile.characters)
    return {each.id: _class_type(each, reading.words) for each in played}


def last_played_first(characters: Iterable[Character]) -> tuple[Character, ...]:
    return tuple(sorted(characters, key=lambda each: each.last_played or NEVER, reverse=True))


def _moved_by_hand(membership: Membership) -> dict[str, float]:
    """What was asked to be moved here; of what is moved in the game nobody is told."""
    recent = Transfer.objects.filter(membership=membership).order_by("-id").values("pk")[:RECENT_JOBS]
    moved = Step.objects.filter(transfer__in=recent, why=Why.WANTED, kind__in=MOVES, status=StepStatus.DONE)
    last = moved.exclude(item_id=None).order_by().values_list("item_id").annotate(Max("finished_at"))
    return {instance_id: at.timestamp() for instance_id, at in last}


def _class_type(character: Character, words: Words) -> int:
    return words.classes.get(character.class_hash, {}).get("classType", ClassType.ANY)


def _with_side_effects(live: lookup.Live | None, hashes: set[int]) -> frozenset[int]:
    """A query only for those who have something in the postmaster."""
    if live is None or not hashes:
        return frozenset()
    found = lookup.definitions(live, {ITEMS: hashes})[ITEMS]
    return frozenset(each for each, definition in found.items() if definition.get("doesPostmasterPullHaveSideEffects"))
