"""The names of what is plugged into each item, for those who look for a perk: asked for once, beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from accounts.models import Membership
from manifest import lookup

from .models import ProfileSnapshot, unpack
from .profile import plugs
from .recent import Recent
from .summaries import summaries


@dataclass(frozen=True, slots=True)
class Perks:
    """`names` in no order; for each instance id the places in it."""

    names: tuple[str, ...]
    items: dict[str, tuple[int, ...]]

    def of(self, instance_id: str | None) -> list[str]:
        return [self.names[place] for place in self.items.get(instance_id or "", ())]


NO_PERKS = Perks((), {})
PERKS: Recent[Perks] = Recent(16)


def perks(packed: bytes, digest: str, live: lookup.Live | None) -> Perks:
    """Of the profile that is packed there."""
    return PERKS.get((digest, live), lambda: _named(plugs(unpack(packed)), live)) if live else NO_PERKS


def known_perks(membership: Membership, live: lookup.Live | None) -> tuple[Perks, str]:
    """Of the profile that the site holds, with a tag that is another one whenever they may be."""
    held = ProfileSnapshot.objects.filter(membership=membership).first()
    if held is None or live is None:
        return NO_PERKS, "none"
    return perks(held.packed, held.digest, live), f"{held.digest}-{live.language}-{live.revision_id}"


def _named(plugged: dict[str, list[int]], live: lookup.Live) -> Perks:
    known = summaries(live, set(chain.from_iterable(plugged.values())))
    named = {plug: known[plug].name for plug in chain.from_iterable(plugged.values()) if plug in known}
    places = {name: place for place, name in enumerate(sorted(set(filter(None, named.values()))))}
    return Perks(
        names=tuple(places),
        items={
            instance_id: tuple(sorted({places[named[plug]] for plug in hashes if named.get(plug)}))
            for instance_id, hashes in plugged.items()
        },
    )
