"""A job while a worker is at it: what it knows, and how it writes that down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic, sleep
from typing import Any

from django.db.models import F, Func, JSONField, Q, Value
from django.utils import timezone

from accounts import memberships
from accounts.people import player_of
from destinyvault.bungie.errors import BungieError
from inventory import snapshots
from inventory.models import ProfileSnapshot, Trouble
from inventory.snapshots import Seen

from . import claims, doubts, effects, lessons, telling, whereabouts
from .claims import UNSETTLED, Claim
from .holdings import Effect, Holdings
from .models import Step, StepStatus, WaitsFor
from .parking import DOUBTED, Parked, parked_by, parked_by_trouble
from .stacks import counted
from .steps import EQUIPS, Refusal, Why
from .wants import Want
from .world import World

LOOK_SECONDS = 3  # while another request of the same person asks Bungie
NO_AGE = timedelta(0)
TAKEN_AWAY = "You play another account now: Bungie has changed which one. Ask for it again there."


class Cancelled(Exception):
    """The person does not want it any more."""


class Hopeless(Exception):
    """Nothing of it can ever be done; the message says why."""


class Work:
    """`deferred` are wishes that wait for a character to leave its activity, or for Bungie to get over trouble of its
    own (these are `troubled`, too): the others go on.

    `evidence` is that of the profile by which the last plan was made: a page may have read a newer one since.
    `was_throttled` since something of it went well last: Bungie means it, and no worker waits for that.
    """

    world: World
    evidence: datetime

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.transfer = claim.transfer
        self.membership = self.transfer.membership
        self.account = self.membership.account
        self.player = player_of(self.membership)
        self.wants = [Want.of(each) for each in self.transfer.wants]
        self.steps = list(self.transfer.steps.order_by("number"))
        self.holdings = Holdings(())
        self.deferred: set[int] = set()
        self.troubled: set[int] = set()
        self.asks_who_plays = False
        self.must_look = False
        self.was_throttled = False
        self.began = monotonic()

    @property
    def refused(self) -> set[int]:
        return {each["want"] for each in self.transfer.refusals}

    @cached_property
    def later_wishes(self) -> dict[int, list[Want]]:
        """Of jobs that were asked for after this one, and began while it waited: none begins while it runs."""
        return claims.began_later(self.transfer)

    @property
    def unsettled(self) -> list[Step]:
        return [each for each in self.steps if each.status in UNSETTLED]

    def known(self) -> Seen:
        return snapshots.known(self.player) or self.look()

    def look(self) -> Seen:
        """From Bungie, now. Raises Parked where it does not answer, Hopeless where another account is played now."""
        self.must_look = False
        if not self.membership.listed:
            raise Hopeless(TAKEN_AWAY)
        end = monotonic() + LOOK_SECONDS
        seen = self._asked()
        while (seen is None or seen.asking) and monotonic() < end:
            sleep(0.2)
            seen = self._asked()
        self.claim.beat()
        if seen is None or seen.asking:
            raise Parked(WaitsFor.SILENT)
        if seen.trouble:
            raise parked_by_trouble(Trouble(seen.trouble))
        if seen.player.membership.pk != self.membership.pk:
            raise Hopeless(TAKEN_AWAY)
        return seen

    def _asked(self) -> Seen | None:
        try:
            return snapshots.ask(self.player, older_than=NO_AGE)
        except BungieError as error:
            raise parked_by(error) from error

    def ask_who_plays(self) -> None:
        """With the next look, once a run: Bungie does not know whose items these were any more."""
        if not self.asks_who_plays:
            memberships.count_as_old(self.account)
        self.asks_who_plays = True

    def put_off(self, step: Step, message: str, **values: Any) -> None:
        """Until Bungie has got over its trouble with it: it waits as if it had not been sent."""
        self.save(step, StepStatus.WAITING, message, finished_at=None, **values)
        wishes = lessons.wishes_of(step, self.wants)
        self.deferred.update(wishes)
        self.troubled.update(wishes)

    def save(self, step: Step, status: StepStatus, message: str, **values: Any) -> None:
        """How a step stands that did not go well."""
        with self.claim.writing():
            _save(step, status=status, message=message, **values)

    def save_done(self, step: Step, message: str, effect: bool = True, **values: Any) -> None:
        """The outcome, what it has changed for the page, and what has arrived, in one transaction."""
        _set(step, status=StepStatus.DONE, message=message, finished_at=timezone.now(), **values)
        news: dict[str, Any] = {"message": self.progress(), "parked_at": None, "takeovers": 0}
        wants = self._counted(step)
        if wants != self.wants:
            news["wants"] = [each.kept for each in wants]
            before, after = self.wants[step.want], wants[step.want]
            counted = [after.moved - before.moved, after.on_the_way - before.on_the_way]
            values["found"] = values.get("found", step.found) | {"counted": counted}
        with self.claim.writing(**news):
            _save(step, status=StepStatus.DONE, message=message, finished_at=step.finished_at, **values)
            if effect:
                held = ProfileSnapshot.objects.filter(membership=self.membership)
                effects.append(held, effects.kept(step, step.finished_at))
        self.wants = wants
        self.was_throttled = False
        self.claim.progressed()
        self.holdings.apply(Effect.of(step))

    def doubt(self, step: Step) -> None:
        """Bungie's yes is taken back until it has shown what became of it."""
        moved, on_the_way = step.found.get("counted", (0, 0))
        wants, want = list(self.wants), self.wants[step.want]
        wants[step.want] = replace(want, moved=want.moved - moved, on_the_way=want.on_the_way - on_the_way)
        found = step.found | {"doubted": doubts.amount(step, self.holdings)}
        with self.claim.writing(wants=[each.kept for each in wants]):
            _save(step, status=StepStatus.UNKNOWN, message=DOUBTED, found=found)
        self.wants = wants

    def note_shown(self, steps: list[Step]) -> None:
        """Bungie's yes has come true: whatever a later profile shows, this was done."""
        shown = {"shown": True}
        with self.claim.writing():
            found = Func(F("found"), Value(shown, JSONField()), template="%(expressions)s", arg_joiner=" || ")
            Step.objects.filter(pk__in=[each.pk for each in steps]).update(found=found)
        for each in steps:
            each.found |= shown

    def touched_since(self, step: Step) -> bool:
        """By another job of the account: then the item is where that one has left it, or what it put on is worn."""
        touches = Q(item_hash=step.item_hash)
        if step.kind in EQUIPS:
            touches |= Q(kind__in=EQUIPS, character_id=step.character_id)
        others = Step.objects.filter(touches, transfer__membership=self.membership)
        return others.exclude(transfer=self.transfer).filter(sent_at__gt=step.finished_at).exists()

    def _counted(self, step: Step) -> list[Want]:
        wants = list(self.wants)
        if step.why == Why.WANTED:
            wants[step.want] = counted(wants[step.want], step)
        return wants

    def note_call(self, step: Step, found: dict[str, Any]) -> None:
        """Before it is sent. Raises Cancelled where the person does not want it any more."""
        with self.claim.going_on() as still_wanted:
            may_go = still_wanted or step.why == Why.SAME_LOCK  # which is owed to what was done already
            if may_go:
                now = timezone.now()
                _save(step, status=StepStatus.RUNNING, found=found, sent_at=now, finished_at=None, code=None, said="")
        if not may_go:
            raise Cancelled

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        new = [each for each in refusals if each.want not in self.refused]
        if new:
            self.claim.refuse(whereabouts.after_moves(new, self.transfer, self.steps))

    def progress(self) -> str:
        done = sum(each.status == StepStatus.DONE for each in self.steps)
        return telling.progress(done, done + sum(each.status == StepStatus.WAITING for each in self.steps))


def _set(step: Step, **values: Any) -> None:
    for name, value in values.items():
        setattr(step, name, value)


def _save(step: Step, **values: Any) -> None:
    _set(step, **values)
    Step.objects.filter(pk=step.pk).update(**values)
