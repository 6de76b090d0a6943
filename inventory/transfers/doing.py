"""One step: noted down, sent, and what its answer means for the job."""

from __future__ import annotations

from django.utils import timezone

from accounts.tokens import with_token
from destinyvault.bungie import budget
from destinyvault.bungie.errors import (
    BungieError,
    NotYet,
    OutcomeUnknown,
    Refused,
    SiteRefused,
    Throttled,
    class_for,
)

from . import settling
from .holdings import SUCCESS
from .lessons import given_up, is_aside, stays_in_trouble, wish_of, wishes_of
from .models import Step, StepStatus, WaitsFor
from .parking import CONSENT, Parked, parked_by
from .sending import send
from .steps import Refusal, StepKind, Why
from .verdicts import NO_SUCH_PLAYER, WAITS, Verdict, last_word, said, sentence, tells_nothing, verdict
from .work import Cancelled, Work

A_MOMENT = 1  # second, for which it is not worth while to give the job to another worker


def do(work: Work, step: Step) -> bool:
    """Whether the plan still holds. Raises Parked, Cancelled."""
    try:
        outcomes = with_token(work.account, lambda token: _call(work, step, token))
    except OutcomeUnknown as error:
        return _lost(work, step, error)
    except SiteRefused as error:
        return _not_now(work, step, error)
    except Refused as error:
        return _lost(work, step, error) if tells_nothing(error.code, step) else _refused(work, step, error)
    except Cancelled:  # noted down, but not sent, or refused for its token
        work.save(step, StepStatus.WAITING, "")
        raise
    except BungieError as error:
        return _not_now(work, step, error)
    return _answered(work, step, outcomes)


def _call(work: Work, step: Step, token: str) -> dict[str, int]:
    """Noted down again for a second try with a new token: each has its own time."""
    found = settling.found(step, work.holdings)
    with budget.noting(lambda: work.note_call(step, found)):
        return send(step, work.membership, token)


def _lost(work: Work, step: Step, error: BungieError) -> bool:
    now = timezone.now()
    work.save(step, StepStatus.UNKNOWN, settling.LOST, code=error.code, said=said(error), finished_at=now)
    return False


def _not_now(work: Work, step: Step, error: BungieError) -> bool:
    """It was not done, and is good again later. One short throttle is waited for here, as the budget does it."""
    parked = parked_by(error)
    work.save(step, StepStatus.WAITING, parked.message, code=error.code or None, said=said(error))
    if not isinstance(error, Throttled) or isinstance(error, NotYet):
        raise parked from error
    if work.was_throttled or error.throttle_seconds > A_MOMENT:
        raise parked from error
    work.was_throttled = True
    return False


def _answered(work: Work, step: Step, outcomes: dict[str, int]) -> bool:
    """Of items equipped together each has its own answer: only what went well has changed anything (D16).

    What parks the job comes last, once the others are judged.
    """
    refused = {instance_id: code for instance_id, code in outcomes.items() if code != SUCCESS}
    if refused and len(refused) == len(outcomes):
        _none_equipped(work, step, refused)
    else:
        work.save_done(step, _told(refused), code=SUCCESS, said="", outcomes=outcomes)
    for instance_id, code in sorted(refused.items(), key=lambda each: verdict(each[1]) in WAITS):
        _judge(work, step, wish_of(instance_id, step, work.wants), code, "")
    return not refused


def _none_equipped(work: Work, step: Step, refused: dict[str, int]) -> None:
    code, message = next(iter(refused.values())), _told(refused)
    meanings = {verdict(each) for each in refused.values()}
    if meanings == {Verdict.TROUBLE} and stays_in_trouble(step, work.steps, work.wants):
        work.put_off(step, message, code=code, said="")
    elif meanings <= WAITS:
        work.save(step, StepStatus.WAITING, message, code=code, said="")
    else:
        now = timezone.now()
        work.save(step, StepStatus.FAILED, message, code=code, said="", outcomes=refused, finished_at=now)


def _told(refused: dict[str, int]) -> str:
    if not refused:
        return ""
    return f"{len(refused)} could not be equipped. {sentence(next(iter(refused.values())), StepKind.EQUIP_MANY)}"


def _refused(work: Work, step: Step, error: Refused) -> bool:
    meaning, message = verdict(error.code), sentence(error.code, StepKind(step.kind))
    values = {"code": error.code, "said": said(error)}
    if meaning == Verdict.TROUBLE and stays_in_trouble(step, work.steps, work.wants):
        work.put_off(step, message, **values)
    elif meaning in WAITS:
        work.save(step, StepStatus.WAITING, message, finished_at=None, **values)
    else:
        work.save(step, StepStatus.FAILED, message, finished_at=timezone.now(), **values)
    for number in wishes_of(step, work.wants):
        _judge(work, step, number, error.code, said(error))
    return False


def _judge(work: Work, step: Step, number: int, code: int, words: str) -> None:
    """What this refusal means for that wish; the next plan takes it into account."""
    meaning = verdict(code)
    if meaning == Verdict.CONSENT:
        raise Parked(WaitsFor.SIGN_IN, message=CONSENT)
    if meaning == Verdict.LATER:  # for how long is told of no item
        raise Parked(parked_by(class_for(code, write=True)(code)).waits_for)
    if meaning == Verdict.ACTIVITY:
        work.deferred.add(number)
        return
    work.must_look |= meaning in (Verdict.FULL, Verdict.WORN)
    if code in NO_SUCH_PLAYER:
        work.ask_who_plays()
    final = meaning == Verdict.FINAL and not is_aside(step, work.wants)
    if step.why != Why.SAME_LOCK and (final or given_up(work.steps, work.wants, number)):
        work.refuse([Refusal(number, "refused", last_word(code, StepKind(step.kind), words))])
