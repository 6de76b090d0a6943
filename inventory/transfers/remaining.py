"""What is left of a job's wishes: where items are tells it of instances, what has arrived of stacks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .models import StepStatus
from .steps import StepKind, Why
from .wants import Kind, Want

VAULT = "vault"
Numbered = tuple[int, Want]


def remaining(wants: Sequence[Want], steps: Sequence[Any], settled: Collection[int] = ()) -> list[Numbered]:
    """Each with its place among the wishes; one of which a part is on its way is two."""
    return [each for number, want in enumerate(wants) if number not in settled for each in _left(number, want, steps)]


def arrives(step: Any, want: Want) -> bool:
    """Whether this step brings some of a stack to where it is wanted."""
    if step.item_id or step.why != Why.WANTED:
        return False
    if step.kind == StepKind.PULL:
        return want.kind == Kind.PULL or step.account_wide or step.character_id == want.to
    if want.to == VAULT:
        return step.kind == StepKind.TO_VAULT
    return step.kind == StepKind.TO_CHARACTER and (step.account_wide or step.character_id == want.to)


def all_is_done(want: Want) -> bool:
    """Some of "all of it" has come, so that where there is none left, none is missing."""
    return not want.item_id and not want.quantity and want.moved > 0


def _left(number: int, want: Want, steps: Sequence[Any]) -> Iterator[Numbered]:
    if want.item_id or want.kind not in (Kind.MOVE, Kind.PULL):
        yield number, want
        return
    underway = _underway(number, want, steps)
    if underway:
        yield number, replace(want, source=VAULT, quantity=underway, moved=0)
    rest = want.quantity - want.moved - underway
    if not want.quantity or rest > 0:
        yield number, replace(want, quantity=max(rest, 0), moved=0)


def _underway(number: int, want: Want, steps: Sequence[Any]) -> int:
    """Of a stack that has left one character and not come to the other yet: it lies in the vault, among others."""
    if want.to == VAULT:
        return 0
    done = [each for each in steps if each.want == number and each.status == StepStatus.DONE and not each.item_id]
    wanted = [each for each in done if each.why == Why.WANTED]
    there = sum(each.quantity for each in wanted if each.kind == StepKind.TO_VAULT)
    gone_on = sum(each.quantity for each in wanted if each.kind == StepKind.TO_CHARACTER)
    return max(there - gone_on, 0) if want.source != VAULT else 0
