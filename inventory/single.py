"""What Bungie tells of single items, beyond what the profile holds: stats, sockets, perks to choose from, counters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from django.core.cache import cache

from accounts.models import Membership
from accounts.people import Player
from accounts.tokens import with_token
from destinyvault.bungie import client
from destinyvault.bungie.enums import Component
from destinyvault.bungie.errors import BungieDown, Refused, Throttled

from .models import unpack
from .profile import instances_and_sockets
from .reading import Reading
from .stats import told_values
from .untrusted import mapping
from .vault import OwnedItem

COMPONENTS = (
    Component.ITEM_INSTANCES,
    Component.ITEM_STATS,
    Component.ITEM_SOCKETS,
    Component.ITEM_PLUG_OBJECTIVES,
    Component.ITEM_REUSABLE_PLUGS,
)
FRESH_SECONDS = 30  # as long as Bungie's own cache; the dialog, the page and its reload ask once
AT_ONCE = 4  # of one comparison; Bungie allows 25 a second to all of this site together

Reply = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The components' data, empty where Bungie left one out; `sockets` None, for then the definition is the answer."""

    instance: Reply
    stats: dict[int, int]
    sockets: Reply | None
    choices: Reply
    counters: Reply


def told(player: Player, reading: Reading, items: Sequence[OwnedItem]) -> dict[str, Told]:
    """By instance id. An item is missing where Bungie is away, or knows it no more."""
    kept = _kept(player)
    missing = [item.id for item in items if item.id and item.id not in kept]
    if missing and not reading.seen.trouble:
        now = time.time()
        answers = _ask(player, missing)
        kept |= {instance_id: (now, answers.get(instance_id)) for instance_id in missing}
        cache.set(_key(player.membership), kept, FRESH_SECONDS)
    replies = {item.id: kept[item.id][1] for item in items if item.id in kept}
    return {instance_id: _parsed(reply) for instance_id, reply in replies.items() if reply}


def told_before(reading: Reading, items: Sequence[OwnedItem]) -> dict[str, Told]:
    """What the profile has of them, by instance id: all but stats and counters."""
    wanted = {item.id for item in items if item.id}
    instances, sockets = instances_and_sockets(unpack(reading.seen.packed))
    return {
        instance_id: Told(mapping(instances.get(instance_id)), {}, sockets.get(instance_id), {}, {})
        for instance_id in wanted & (instances.keys() | sockets.keys())
    }


def forget(instance: Membership, **_: object) -> None:
    """When a membership is deleted: what is kept in the cache of it is the person's data, too."""
    cache.delete(_key(instance))


def _ask(player: Player, instance_ids: Sequence[str]) -> dict[str, Reply]:
    def one(instance_id: str, token: str) -> Reply | None:
        return _one(player, instance_id, token)

    def asked(token: str) -> dict[str, Reply]:
        if len(instance_ids) == 1:
            replies = [one(instance_ids[0], token)]
        else:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                replies = list(pool.map(one, instance_ids, repeat(token)))
        return {instance_id: reply for instance_id, reply in zip(instance_ids, replies, strict=True) if reply}

    try:
        return with_token(player.account, asked)
    except (BungieDown, Throttled, Refused):  # already when the token was renewed
        return {}


def _one(player: Player, instance_id: str, token: str) -> Reply | None:
    who, account_id = player.membership, player.account.membership_id
    try:
        return client.item(who.membership_type, who.membership_id, instance_id, COMPONENTS, token, account_id)
    except (BungieDown, Throttled, Refused):
        return None


def _key(membership: Membership) -> str:
    return f"items:{membership.membership_id}"


def _kept(player: Player) -> dict[str, tuple[float, Reply | None]]:
    """By instance id, with the moment of asking; None where Bungie gave no answer, which nobody waits for again soon.

    One entry for each person: a comparison is one look-up as well.
    """
    oldest = time.time() - FRESH_SECONDS
    kept = cache.get(_key(player.membership), {})
    return {instance_id: entry for instance_id, entry in kept.items() if entry[0] > oldest}


def _parsed(reply: Reply) -> Told:
    sockets = mapping(reply.get("sockets")).get("data")
    return Told(
        instance=_data(reply, "instance"),
        stats=told_values(_data(reply, "stats")),
        sockets=sockets if isinstance(sockets, dict) else None,
        choices=_data(reply, "reusablePlugs"),
        counters=_data(reply, "plugObjectives"),
    )


def _data(reply: Reply, component: str) -> Reply:
    return mapping(mapping(reply.get(component)).get("data"))
