"""The reads behind the pages about jobs, and their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from accounts.people import Player
from inventory.detail import place
from inventory.summaries import summaries
from inventory.vault import POSTMASTER, VAULT, item_name
from manifest import lookup

from . import lessons, queueing
from .models import Action, Status, Step, StepStatus, Transfer, WaitsFor
from .naming import Line, Names, Thing, does, hashes_of, line, titled
from .steps import EQUIPS, StepKind, Why
from .wants import Kind, Want

JOBS_ON_A_PAGE, STEPS_ON_A_PAGE = 20, 50
FIRST_THINGS = 4  # pictures of a job in the list
MOST_IN_MOTION = 60  # marked on the page
LINGERS = timedelta(seconds=9)  # how long every page tells what a job came to
FAILURE_LINGERS = timedelta(seconds=30)
COMES = (StepStatus.WAITING, StepStatus.RUNNING, StepStatus.UNKNOWN)
GOES_BACK = Q(why=Why.WANTED) & ~Q(kind=StepKind.PULL) | Q(kind__in=EQUIPS)  # as undoing.reverse has it
FIRST = {Status.RUNNING: 0, Status.PARKED: 1, Status.QUEUED: 2}


@dataclass(frozen=True, slots=True)
class ShownJob:
    job: Transfer
    title: str
    message: str
    first: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: Step
    line: Line


@dataclass(frozen=True, slots=True)
class ShownWant:
    """`place` is where it is as last known; empty for what has no one place."""

    thing: Thing
    quantity: int
    place: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """`now` is the step at hand; `moved` another one whenever something happened."""

    job: Transfer
    title: str
    message: str
    now: str
    done: int
    total: int
    can_undo: bool

    @property
    def moved(self) -> str:
        return f"{self.job.status}-{self.done}"

    @property
    def waits_for(self) -> str:
        return WaitsFor(self.job.waits_for).label if self.job.waits_for else ""


def jobs_of(user: User) -> QuerySet[Transfer]:
    return Transfer.objects.for_user(user).select_related("membership")


def own(user: User, transfer_id: int) -> Transfer:
    """A stranger's is as unknown as one that there never was: 404."""
    return get_object_or_404(jobs_of(user), pk=transfer_id)


def jobs(player: Player, user: User, *, status: str, action: str, item: str, refused: bool, page: str | None) -> Page:
    """A page of ShownJob, newest first."""
    found = jobs_of(user).narrowed(status=status, action=action, refused=refused or None)
    if item:
        found = found.filter(_about(player, found, item))
    shown = Paginator(found, JOBS_ON_A_PAGE).get_page(page)
    names = Names.of(player, hashes_of(want for each in shown for want in wants(each)))
    shown.object_list = [_shown_job(each, names) for each in shown]
    return shown


def wants(job: Transfer) -> list[Want]:
    return [Want.of(kept) for kept in job.wants]


def title(job: Transfer, names: Names) -> str:
    return titled(Action(job.action), wants(job), names)


def message(job: Transfer) -> str:
    """Without the words that its status says beside it already."""
    status = Status(job.status).label
    if not job.message.startswith(status) or job.status == Status.PARKED:
        return job.message
    rest = job.message.removeprefix(status).lstrip(" .,")
    return rest[:1].upper() + rest[1:]


def steps_page(steps: Sequence[Step], names: Names, page: str | None) -> Page:
    """In the order of their time, which is not always that of their plan; those to come follow."""
    in_time = sorted(steps, key=lambda step: (step.sent_at is None, step.sent_at or step.number, step.number))
    shown = Paginator(in_time, STEPS_ON_A_PAGE).get_page(page)
    shown.object_list = [ShownStep(step, line(step, names)) for step in shown]
    return shown


def shown_wants(job: Transfer, steps: Sequence[Step], names: Names) -> list[ShownWant]:
    """How each wish stands. `steps` are all of the job's."""
    wanted, by_want = wants(job), defaultdict(list)
    for step in steps:
        for number in lessons.wishes_of(step, wanted):
            by_want[number].append(step)
    refusals = {each["want"]: each["message"] for each in job.refusals}
    return [
        _shown_want(want, job, by_want[number], refusals.get(number, ""), names) for number, want in enumerate(wanted)
    ]


def in_progress(user: User) -> list[Transfer]:
    """Those that are active, and those that just ended; the one that is at work first. One query.

    It is asked each second, so that what may be long is read of those alone that are told.
    """
    now = timezone.now()
    ended = Q(finished_at__gt=now - LINGERS) | Q(finished_at__gt=now - FAILURE_LINGERS, status=Status.FAILED)
    steps = Step.objects.filter(transfer=OuterRef("pk")).order_by()
    counts = {
        "total": _count(steps),
        "done": _count(steps.exclude(status__in=COMES)),
        "changed": Exists(steps.filter(GOES_BACK, status=StepStatus.DONE)),
    }
    found = jobs_of(user).filter(Q(finished_at=None) | ended).annotate(**counts).defer("wants", "refusals")
    return sorted(found, key=lambda job: (not job.is_active, FIRST.get(Status(job.status), 0), job.pk))


def _count(steps: QuerySet[Step]) -> Coalesce:
    """Of each row, for itself: counted by a join, the steps would be multiplied with whatever else is counted."""
    return Coalesce(Subquery(steps.values("transfer").annotate(many=Count("pk")).values("many")), 0)


def progress_lines(player: Player, found: Sequence[Transfer]) -> dict[str, object]:
    """For the line at the bottom of every page: the job at hand, how many wait behind it, and what just ended."""
    active = [job for job in found if job.is_active]
    ended = [job for job in found if not job.is_active]
    failed = [job for job in ended[:-1] if job.status == Status.FAILED]
    told = [*active[:1], *failed[-1:], *ended[-1:]]
    coming = _coming(active)
    names = Names.of(player, hashes_of((want for job in told for want in wants(job)), coming))
    now = {step.transfer_id: _now(step, names) for step in reversed(coming)}
    return {
        "lines": [_progress_line(job, now.get(job.pk, ""), names) for job in told],
        "more": len(active) - 1 if active else 0,
        "going": {step.item_id: _target(step) for step in coming if step.item_id and _target(step)},
        "seconds": 5 if active and active[0].status == Status.PARKED and not ended else 1,
    }


def _about(player: Player, found: QuerySet[Transfer], name: str) -> Q:
    """Jobs that touch an item whose name has these words in it."""
    touched = Step.objects.filter(transfer__in=found.values("pk")).order_by()
    kinds = summaries(
        lookup.live(player.preferences.language), touched.values_list("item_hash", flat=True).distinct()
    ).values()
    words = name.casefold().split()
    named = [kind.hash for kind in kinds if all(word in item_name(kind).casefold() for word in words)]
    return Q(pk__in=touched.filter(item_hash__in=named).values("transfer"))


def _shown_job(job: Transfer, names: Names) -> ShownJob:
    return ShownJob(
        job, title(job, names), message(job), tuple(names.wanted(want) for want in wants(job)[:FIRST_THINGS])
    )


def _shown_want(want: Want, job: Transfer, steps: Sequence[Step], refusal: str, names: Names) -> ShownWant:
    owned = names.items.get(want.item_id or "")
    outcome = _outcome(job, steps, refusal)
    failed = steps[-1] if outcome != "done" and steps and steps[-1].status == StepStatus.FAILED else None
    return ShownWant(
        thing=names.wanted(want),
        quantity=want.quantity,
        place=_now_at(place(owned, names.reading.vault)) if owned and names.reading else "",
        outcome=_some_of(want, names) or outcome if outcome == "not done" else outcome,
        message=refusal or (failed.message or failed.said if failed else ""),
    )


def _some_of(want: Want, names: Names) -> str:
    """Of a stack that has come in part."""
    if not want.moved:
        return ""
    total = want.quantity or want.moved + _left(want, names)
    return f"{want.moved:,} of {total:,} done" if total > want.moved else f"{want.moved:,} done, the rest not"


def _left(want: Want, names: Names) -> int:
    """What still lies at the postmaster that it was to be pulled from."""
    owned = names.reading.vault.items if names.reading and want.kind == Kind.PULL else ()
    lost = (item for item in owned if item.hash == want.item_hash and item.location == POSTMASTER)
    return sum(item.quantity for item in lost if item.owner == want.source)


def _now_at(place: str) -> str:
    return f"now {place[:1].lower()}{place[1:]}"


def _outcome(job: Transfer, steps: Sequence[Step], refusal: str) -> str:
    """A step that failed on the way says nothing about the wish: another way may have been found."""
    if refusal:
        return "not done"
    if job.status == Status.DONE or not steps or steps[-1].status == StepStatus.DONE:
        return "done"
    return "to be done" if job.is_active else "not done"


def _coming(active: Sequence[Transfer]) -> list[Step]:
    found = Step.objects.filter(transfer__in=[job.pk for job in active], status__in=COMES)
    return list(found.order_by("transfer_id", "number")[:MOST_IN_MOTION]) if active else []


def _now(step: Step, names: Names) -> str:
    return f"{names.thing(step.item_hash, step.item_id).name}: {does(step, names)}"


def _target(step: Step) -> str:
    if step.kind == StepKind.TO_VAULT:
        return VAULT
    return step.character_id if step.kind in (StepKind.TO_CHARACTER, StepKind.PULL) else ""


def _progress_line(job: Transfer, now: str, names: Names) -> ProgressLine:
    return ProgressLine(job, title(job, names), message(job), now, job.done, job.total, _can_be_undone(job))


def _can_be_undone(job: Transfer) -> bool:
    """Its steps are read only where it seems so: of most that are told, nothing has ended yet."""
    return bool(job.changed) and queueing.can_be_undone(job, job.steps.order_by("number"))
