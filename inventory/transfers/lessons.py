"""What Bungie's refusals tell of the world that no profile shows yet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from destinyvault.bungie.enums import PlatformError, TransferStatus
from inventory.profile import HeldItem

from .holdings import SUCCESS, VAULT, Place, home
from .models import Step, StepStatus
from .stacks import arrives
from .steps import EQUIPS, LOCKS, MOVES, TOUCHES_OTHERS, StepKind, Why
from .verdicts import FURTHER_TRIES, WAITS, Verdict, tells_nothing, verdict
from .wants import Kind, Want
from .world import World

NOT_YET = datetime.max.replace(tzinfo=UTC)
WORN, FIXED = TransferStatus.EQUIPPED.value, TransferStatus.NOT_TRANSFERRABLE.value


def learned(world: World, steps: Sequence[Step], wants: Sequence[Want], evidence: datetime) -> World:
    """The world, and what was refused since the profile was made, or what cannot be moved aside at all."""
    refused = [each for each in steps if each.status == StepStatus.FAILED and each.code]
    aside = (each for each in refused if verdict(each.code) == Verdict.FINAL and is_aside(each, wants))
    stuck = {each.item_id for each in aside}
    items = [_stuck(held) if held.instance_id and held.instance_id in stuck else held for held in world.items]
    for step in refused:
        if step.finished_at > evidence and not _overtaken(step, steps):
            items = _told_by(step, items, world)
    return replace(world, items=items)


def is_aside(step: Step, wants: Sequence[Want]) -> bool:
    """Any other item would do as well."""
    return step.why in TOUCHES_OTHERS or wants[step.want].kind == Kind.ROOM


def met(steps: Sequence[Step], wants: Sequence[Want]) -> set[int]:
    """Wishes that this job has done. Who undoes that later, by another job or in the game, means it.

    What counts is what was told last: of a first step it may come out later than of the next that nothing came of it.
    """
    told = sorted((each for each in steps if each.why != Why.SAME_LOCK), key=lambda each: each.finished_at or NOT_YET)
    last = {number: each for each in told for number in wishes_of(each, wants)}
    done = {number for number, step in last.items() if _meets(step, wants[number])}
    same = {_asked(wants[number]) for number in done if wants[number].item_id}
    return done | {number for number, want in enumerate(wants) if _asked(want) in same}


def _asked(want: Want) -> tuple[Kind, str | None, str]:
    return want.kind, want.item_id, want.to


def _meets(step: Step, want: Want) -> bool:
    if step.status != StepStatus.DONE or want.kind == Kind.ROOM:
        return step.status == StepStatus.DONE
    if want.item_id not in (step.item_ids or [step.item_id]):
        return False
    if want.kind == Kind.EQUIP:
        return step.kind in EQUIPS and step.outcomes.get(want.item_id, SUCCESS) == SUCCESS
    if want.kind in (Kind.LOCK, Kind.UNLOCK):
        return step.kind in LOCKS
    is_own = want.item_id is not None or step.item_hash == want.item_hash
    return is_own and step.kind in MOVES and arrives(want, step)


def locks(steps: Sequence[Step]) -> dict[str, bool]:
    """By instance id, those that were to be put right after a move, in vain so far."""
    tried: dict[str, list[Step]] = {}
    for step in steps:
        if step.why == Why.SAME_LOCK and step.status in (StepStatus.DONE, StepStatus.FAILED):
            tried.setdefault(step.item_id, []).append(step)
    failed = (each for each in tried.values() if each[-1].status == StepStatus.FAILED and len(each) <= FURTHER_TRIES)
    return {each[-1].item_id: each[-1].kind == StepKind.LOCK for each in failed if _may_work(each[-1])}


def are_unlike(steps: Sequence[Step]) -> bool:
    """Whether a lock is not known to be as it was before the moves."""
    last = {each.item_id: each for each in steps if each.why == Why.SAME_LOCK}
    return bool(owed(steps)) or any(each.status == StepStatus.FAILED for each in last.values())


def owed(steps: Sequence[Step]) -> list[Step]:
    """Locks still to be put right: a move that was done may have changed them, and no plan made since knows of it."""
    waiting = [each for each in steps if each.why == Why.SAME_LOCK and each.status == StepStatus.WAITING]
    moved = [each for each in steps if each.kind in MOVES and each.status == StepStatus.DONE]
    numbers = {each.item_id: each.number for each in reversed(moved)}  # of the first move of each
    return [each for each in waiting if numbers.get(each.item_id, each.number) < each.number]


def _may_work(step: Step) -> bool:
    return not step.code or verdict(step.code) != Verdict.FINAL


def refusals(steps: Sequence[Step], wants: Sequence[Want]) -> Iterator[tuple[int, int, Step]]:
    """Wish, code and step; of several items equipped together, of each by itself."""
    for step in steps:
        if step.outcomes:
            for instance_id, code in step.outcomes.items():
                if code != PlatformError.Success:
                    yield wish_of(instance_id, step, wants), code, step
        elif step.status == StepStatus.FAILED and step.code:
            for number in wishes_of(step, wants):
                yield number, step.code, step


def wishes_of(step: Step, wants: Sequence[Want]) -> list[int]:
    """More than one where several items are equipped together."""
    return sorted({wish_of(each, step, wants) for each in step.item_ids}) or [step.want]


def wish_of(instance_id: str, step: Step, wants: Sequence[Want]) -> int:
    found = (number for number, want in enumerate(wants) if want.item_id == instance_id)
    return next(found, step.want)


def unseen(steps: Sequence[Step], wants: Sequence[Want], evidence: datetime) -> set[int]:
    """Wishes for which a profile has to be read that was made after Bungie's refusal."""
    return {
        number
        for number, code, step in refusals(steps, wants)
        if step.finished_at > evidence and (_has_to_be_seen(code, step) or _contradicts(step, steps))
    }


def _has_to_be_seen(code: int, refused: Step) -> bool:
    """What tells nothing was settled by reading before it counted as refused."""
    return verdict(code) in (Verdict.LOOK, Verdict.TROUBLE) and not tells_nothing(code, refused)


def _contradicts(refused: Step, steps: Sequence[Step]) -> bool:
    """It is worn, says Bungie of what was to be put on, or of what another one was put on for: only a profile tells."""
    if verdict(refused.code) != Verdict.WORN:
        return False
    return refused.kind in EQUIPS or any(
        each.kind in EQUIPS and each.status == StepStatus.DONE and each.number < refused.number
        for each in steps
        if (each.character_id, each.bucket_hash) == (refused.character_id, refused.bucket_hash)
    )


def given_up(steps: Sequence[Step], wants: Sequence[Want], number: int) -> bool:
    """Refused too often: since something of this wish went well; for want of room, in all.

    What passes by itself never counts: neither Bungie's own trouble nor what is waited for.
    """
    refused = (code for wish, code, _ in refusals(steps, wants) if wish == number)
    full = sum(verdict(code) == Verdict.FULL for code in refused)
    failed = [verdict(code) for code in _failures(steps, wants, number)]
    return max(full, sum(each not in (*WAITS, Verdict.TROUBLE) for each in failed)) > FURTHER_TRIES


def stays_in_trouble(step: Step, steps: Sequence[Step], wants: Sequence[Want]) -> bool:
    """Whether Bungie, which has just tripped over this step, did so at all its tries: then it is put off."""
    if step.why == Why.SAME_LOCK:
        return False
    failed = [_failures(steps, wants, number) for number in wishes_of(step, wants)]
    return all(sum(verdict(code) == Verdict.TROUBLE for code in codes) >= FURTHER_TRIES for codes in failed)


def _failures(steps: Sequence[Step], wants: Sequence[Want], number: int) -> list[int]:
    """Bungie's codes, 0 for none, of what failed of this wish since something of it went well."""
    own = [each for each in steps if each.why != Why.SAME_LOCK]
    refused = {step.number: code for wish, code, step in refusals(own, wants) if wish == number}
    found: list[int] = []
    for step in own:
        if step.number in refused:
            found.append(refused[step.number])
        elif step.status in (StepStatus.DONE, StepStatus.FAILED) and _is_for(step, number, wants):
            found = [] if step.status == StepStatus.DONE else [*found, 0]
    return found


def _is_for(step: Step, number: int, wants: Sequence[Want]) -> bool:
    return number in wishes_of(step, wants) if step.item_ids else step.want == number


def _overtaken(refused: Step, steps: Sequence[Step]) -> bool:
    """What was refused is no longer so, since a later call of ours went well."""
    later = [each for each in steps if each.number > refused.number and each.status == StepStatus.DONE]
    if verdict(refused.code) == Verdict.WORN:
        return any(each.kind in EQUIPS and each.character_id == refused.character_id for each in later)
    return any(_leaves(each) == _target(refused) for each in later)


def _told_by(step: Step, items: list[HeldItem], world: World) -> list[HeldItem]:
    if verdict(step.code) == Verdict.FULL:
        return items + _filling(_target(step), items, world)
    if verdict(step.code) == Verdict.WORN:
        return [_worn(held, step) for held in items]
    return items


def _target(step: Step) -> Place:
    return VAULT if step.kind == StepKind.TO_VAULT else home(step)


def _leaves(step: Step) -> Place | None:
    if step.kind == StepKind.TO_VAULT:
        return home(step)
    return VAULT if step.kind == StepKind.TO_CHARACTER else None


def _filling(place: Place, items: list[HeldItem], world: World) -> list[HeldItem]:
    """Nothing that anybody could move: as many as the profile shows free places where Bungie says there are none."""
    bucket = world.buckets.get(place[1])
    used = sum((held.owner, held.bucket_hash) == place for held in items)
    missing = bucket.capacity - used if bucket else 0
    nothing = HeldItem(0, 0, None, 1, place[1], place[0], False, 0, FIXED, None, 0, 0)
    return [nothing._replace(instance_id=f"-{number}") for number in range(1, missing + 1)]


def _worn(held: HeldItem, step: Step) -> HeldItem:
    if held.owner != step.character_id or held.bucket_hash != step.bucket_hash:
        return held
    is_it = held.instance_id == step.item_id
    status = held.transfer_status | WORN if is_it else held.transfer_status & ~WORN
    return held._replace(equipped=is_it, transfer_status=status)


def _stuck(held: HeldItem) -> HeldItem:
    """Of a kind that the Manifest does not have: it is neither moved nor worn in place of another."""
    return held._replace(hash=0, transfer_status=held.transfer_status | FIXED)
