"""What our own calls have changed since Bungie made the profile that is held: the page shows it at once, and no older
profile takes it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, JSONField, Value

from inventory.profile import Profile

from .holdings import Effect, Holdings, amount_left

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from inventory.models import ProfileSnapshot

    from .models import Step

KeptEffect = dict[str, Any]
# In SQL, for whoever replaces the profile: what was answered after the moment at which Bungie made the new one.
LATER = """coalesce((SELECT jsonb_agg(effect ORDER BY place)
    FROM jsonb_array_elements(effects) WITH ORDINALITY AS kept(effect, place)
    WHERE (effect->>'at')::timestamptz > %s), '[]')"""


def kept(step: Step, at: datetime) -> KeptEffect:
    """`step` was sent at `sent_at` and answered `at`; `before` is what was there to be taken, of a stack."""
    before = (step.found or {}).get("amount")
    return {"at": at.isoformat(), "sent": step.sent_at.isoformat(), "before": before, "effect": Effect.of(step).kept}


def append(held: QuerySet[ProfileSnapshot], effect: KeptEffect) -> None:
    """To the snapshots of that query; it commits with the outcome of the step."""
    held.update(effects=Func(F("effects"), Value([effect], JSONField()), template="%(expressions)s", arg_joiner=" || "))


def later_than(effects: Iterable[KeptEffect], minted_at: datetime) -> list[KeptEffect]:
    return [each for each in effects if datetime.fromisoformat(each["at"]) > minted_at]


def digest_with(digest: str, effects: Sequence[KeptEffect]) -> str:
    """Another one than that of the profile as Bungie sent it."""
    return blake2b(f"{digest}{json.dumps(effects)}".encode(), digest_size=12).hexdigest()


def applied(profile: Profile, effects: Iterable[KeptEffect], minted_at: datetime) -> Profile:
    holdings = Holdings(profile.items)
    for each in effects:
        if not _shows(holdings, each, minted_at):
            holdings.apply(Effect.read(each["effect"]))
    return replace(profile, items=tuple(holdings.items))


def _shows(holdings: Holdings, each: KeptEffect, minted_at: datetime) -> bool:
    """Of a stack: a profile made while Bungie was at work may show the move already, and it must not count twice."""
    if each["before"] is None or datetime.fromisoformat(each["sent"]) > minted_at:
        return False
    return amount_left(holdings, Effect.read(each["effect"])) != each["before"]
