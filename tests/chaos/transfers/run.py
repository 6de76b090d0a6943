"""One run: somebody of the crowd asks for something, disasters happen, and in the end nothing may be lost or untrue."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from destinyvault.bungie.errors import BungieError
from destinyvault.sandbox.orders import OrderRefused, SandboxOrders
from inventory import snapshots
from inventory.transfers import settling
from inventory.transfers.models import ENDED, Action, Status, Step, StepStatus, Transfer, WaitsFor
from inventory.transfers.queueing import NoWay, Order, cancel, enqueue, hand_out, retry, undo
from inventory.transfers.steps import MOVES, TOUCHES_OTHERS
from inventory.transfers.wants import Want
from tests.chaos.transfers import judge, wishes
from tests.chaos.transfers.case import Case
from tests.chaos.transfers.disasters import DISASTERS, leave
from tests.chaos.transfers.players import Recruit
from tests.chaos.transfers.truth import Thing, things

Answer = TypeVar("Answer")
# The longest that the drawn disasters can truly make a job wait, two of them in a run:
# - a lost answer is told by a profile that was made QUIET (16 s) after it; one that was made just before that comes out
#   of Bungie's cache for 30 s more, and is looked for every 5 s: 51 s each, 102 s;
# - parked again and again in one wait, a job doubles its waits: at most as long as it has waited already, 102 s more.
#   Six parks in a row, four for profiles and two for actions or tokens, are less: 5 + 5 + 10 + 20 + 40 + 80 = 160 s;
# - Bungie's yes is shown within PATIENCE (60 s);
# - a worker that was killed is missed after 10 s and a sweep (3 s): 15 s each, and say six of them hit one job, 90 s;
# - what a busy machine takes longer while it plays forty accounts and starts killed clusters again.
END_SECONDS = 102 + 102 + 60 + 90 + 540
CANCEL_SECONDS = 120  # of a job that has not ended by then
LATE_SECONDS = 20  # longer than the longest delay and lag that are ordered
PLAYS_MEANWHILE, ASKS_AGAIN, CANCELS, FOLLOWS = 0.25, 0.15, 0.15, 0.3  # of the runs
WATCHES = 0.3  # of an onlooker's looks
LOOKS_EVERY = 0.5  # seconds: forty onlookers would otherwise take the machine from those whom they watch


@dataclass
class Outcome:
    seed: int
    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    ended: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Job:
    transfer: Transfer
    wanted: Order
    before: Sequence[Thing]
    follows: bool = False  # an earlier one of this run: another try, or the way back


class Run:
    def __init__(self, orders: SandboxOrders, recruit: Recruit, seed: int) -> None:
        self.orders, self.recruit, self.seed = orders, recruit, seed
        self.rng = random.Random(seed)
        self.outcome = Outcome(seed)
        self.destroyed: Counter[tuple[str | None, int]] = Counter()
        self.jobs: list[Job] = []
        self.may_wait: set[WaitsFor] = set()
        self.touched: set[str] = set()  # by the player in the game, in this run
        self.waited: set[str] = set()

    def go(self) -> Outcome:
        self.started = time.monotonic()  # the sandbox's clock, too: it is this machine's
        self.began_at = timezone.now()
        if self.recruit.stuck:
            self.outcome.ended = f"not begun: transfer {self.recruit.stuck[0]} of this account has not ended"
            return self.outcome
        for part in (self.play, self.clear_away):
            try:
                part()
            except Exception as error:  # the harness itself, or a traceback that no player should see
                self.outcome.wrong.append(f"{type(error).__name__}: {error}")
        self.outcome.seconds = time.monotonic() - self.started
        connection.close()
        return self.outcome

    def play(self) -> None:
        before = self.things()
        characters = sorted({each.owner for each in before if each.owner})
        wanted = wishes.order(before, characters, self.rng)
        self.outcome.told.append(f"{wanted.action} of {len(wanted.wants)}")
        for disaster in self.rng.sample(DISASTERS, self.rng.randint(0, 2)):
            ordered = disaster(self.orders, self.recruit.bungie_id, self.rng)
            self.outcome.told.append(ordered.told)
            self.may_wait |= set(ordered.waits)
        transfer = self.ask(wanted, before)
        if transfer is None:
            return
        self.jobs.append(Job(transfer, wanted, before))
        for _ in range(self.rng.choice((0, 0, 1, 2))):  # a broker may hand out a task more than once
            patiently(lambda: hand_out(transfer.pk))
        if self.rng.random() < ASKS_AGAIN:
            self.ask_for_more(wanted, before, characters)
        if self.rng.random() < PLAYS_MEANWHILE:
            self.play_meanwhile(before)
        if self.rng.random() < CANCELS:
            time.sleep(self.rng.uniform(0, 1.5))
            self.outcome.told.append("cancelled")
            patiently(lambda: cancel(transfer))
        if self.all_ended():
            self.judge()
        if not self.outcome.wrong and self.rng.random() < FOLLOWS:
            self.follow(self.jobs[0])

    def ask_for_more(self, first: Order, before: Sequence[Thing], characters: Sequence[str]) -> None:
        """A second job of the same account, while the first is under way."""
        time.sleep(self.rng.uniform(0, 1))
        second = wishes.order_after(first, before, characters, self.rng)
        transfer = self.ask(second, None)
        if transfer:
            self.outcome.told.append(f"{second.action} of {len(second.wants)} as well")
            self.jobs.append(Job(transfer, second, before))

    def follow(self, job: Job) -> None:
        """Tried again where it was given up, else undone; what was there before the first try still counts."""
        again = job.transfer.status != Status.DONE
        try:
            transfer = patiently(lambda: (retry if again else undo)(self.recruit.player, job.transfer))
        except (NoWay, BungieError) as why:
            self.outcome.told.append(f"neither tried again nor undone: {why}")
            return
        self.outcome.told.append("tried again" if again else "undone")
        wants = tuple(map(Want.of, transfer.wants)) if again else job.wanted.wants
        self.jobs.append(Job(transfer, replace(job.wanted, wants=wants), job.before, follows=True))
        if self.all_ended():
            self.judge()

    def all_ended(self) -> bool:
        for job in self.jobs:
            if not self.wait(job.transfer):
                self.outcome.ended = "never"
                told = f"{job.transfer.status} {job.transfer.waits_for} {job.transfer.message}"
                self.outcome.wrong.append(f"never ended: {told}")
                return False
        return True

    def clear_away(self) -> None:
        """Nothing of this run meets the next one: neither what was ordered for it, nor a job that has not ended.

        That is wrong once, and not once more in each of the account's further runs.
        """
        self.orders.clear_faults(self.recruit.bungie_id)
        if WaitsFor.SIGN_IN in self.may_wait:
            patiently(lambda: self.recruit.sign_in(self.orders))
        if WaitsFor.ACTIVITY in self.may_wait:
            for character in {each.owner for each in self.things() if each.owner}:
                leave(self.orders, self.recruit.bungie_id, character)
        for transfer in patiently(self.left_over):
            patiently(lambda job=transfer: cancel(job))
            if not self.wait(transfer, CANCEL_SECONDS):
                self.recruit.stuck.append(transfer.pk)

    def left_over(self) -> list[Transfer]:
        return list(Transfer.objects.filter(membership=self.recruit.player.membership, finished_at=None))

    def ask(self, wanted: Order, before: Sequence[Thing] | None) -> Transfer | None:
        """The click, in one run of five twice at the same moment."""
        twice = self.rng.random() < 0.2
        found: list[Transfer] = []
        refused: list[NoWay] = []
        clicks = [threading.Thread(target=self._click, args=(wanted, found, refused)) for _ in range(1 + twice)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        self.expect(len({each.pk for each in found}) <= 1, "the same click made two jobs")
        for why in refused[:1] if not found and before is not None else ():
            self.outcome.told.append(f"no way: {why}")
            self.outcome.ended = "no way"
            self.wrong(judge.of_no_way(Case(wanted.wants, before, before, (), set(self.recruit.touched)), why.refusals))
        return found[0] if found else None

    def _click(self, wanted: Order, found: list[Transfer], refused: list[NoWay]) -> None:
        try:
            found.append(patiently(lambda: enqueue(self.recruit.player, wanted)))
        except NoWay as why:
            refused.append(why)
        except BungieError as error:
            self.outcome.told.append(f"not now: {error}")
            self.outcome.ended = "not now"
        finally:
            connection.close()

    def play_meanwhile(self, before: Sequence[Thing]) -> None:
        time.sleep(self.rng.uniform(0, 0.6))
        choices = [each for each in before if each.id and each.home in wishes.GEAR and each.owner and not each.is_lost]
        thing = self.rng.choice([each for each in choices if not each.equipped])
        assert thing.id
        self.recruit.touched[thing.id] = timezone.now()
        try:
            self.at_the_game(thing)
            self.recruit.touched[thing.id] = timezone.now()
        except OrderRefused as why:  # it is worn or elsewhere by now
            self.outcome.told.append(f"the game refused: {why}")

    def at_the_game(self, thing: Thing) -> None:
        if self.rng.random() < 0.4:
            self.orders.play(self.recruit.bungie_id, "dismantle", item=thing.id)
            self.destroyed[thing.id, thing.hash] += 1
            self.outcome.told.append("dismantled one in the game")
        else:
            self.orders.play(self.recruit.bungie_id, "move", item=thing.id, to="vault")
            self.outcome.told.append("moved one in the game")

    def wait(self, transfer: Transfer, seconds: float = END_SECONDS) -> bool:
        """Whether it has ended; the page of somebody looks on, and they sign in again when they are asked to."""
        end = time.monotonic() + seconds
        while transfer.status not in ENDED:
            if time.monotonic() > end:
                return False
            self.note_wait(transfer)
            if self.rng.random() < 0.1:
                self.look()
            if random.random() < WATCHES:  # of the moment, as the machine's own times are
                self.watch_page()
            time.sleep(LOOKS_EVERY)
            patiently(transfer.refresh_from_db)
        return True

    def note_wait(self, transfer: Transfer) -> None:
        if transfer.status != Status.PARKED:
            return
        self.waited.add(transfer.waits_for)
        self.expect(bool(transfer.message), "parked without a word")
        if transfer.waits_for == WaitsFor.SIGN_IN:
            patiently(lambda: self.recruit.sign_in(self.orders))

    def look(self) -> None:
        """As the page in the background."""
        with suppress(BungieError):
            patiently(lambda: snapshots.ask(self.recruit.player))

    def watch_page(self) -> None:
        """While jobs go on: what was moved stays moved. What is just being moved is left out."""
        before = patiently(self.last_moves)
        seen = patiently(lambda: snapshots.known(self.recruit.player))
        after = patiently(self.last_moves)
        same = [step for item, step in before.items() if _as_it_was(step, after[item])]
        moves = [step for step in same if step.status == StepStatus.DONE and step.item_id not in self.recruit.touched]
        if seen and not self.outcome.wrong:
            self.wrong(judge.of_what_is_kept(seen, settling.evidence_at(seen), moves))

    def last_moves(self) -> dict[str, Step]:
        """Of each item, the last call of this run that was sent for it."""
        mine = Step.objects.filter(transfer__membership=self.recruit.player.membership, kind__in=MOVES)
        sent = mine.filter(sent_at__gte=self.began_at).exclude(item_id=None).order_by("sent_at")
        return {step.item_id: step for step in sent}

    def judge(self) -> None:
        """All jobs of this run together: their calls, and what each says of itself."""
        self.outcome.ended = " ".join(job.transfer.status for job in self.jobs)
        journal, after = self.quiet(), self.things()
        self.touched |= {key for key, at in self.recruit.touched.items() if at >= self.began_at}
        wants = [want for job in self.jobs for want in job.wanted.wants]
        messages = " ".join(job.transfer.message for job in self.jobs)
        lied = judge.believed(journal, [job.transfer for job in self.jobs])
        case = Case(wants, self.jobs[0].before, after, journal, self.touched, lied, self.destroyed)
        steps = {job.transfer.pk: patiently(lambda job=job: list(job.transfer.steps.all())) for job in self.jobs}
        self.wrong(judge.of_items(case))
        all_steps = [each for some in steps.values() for each in some]
        apart = replace(case, touched=case.touched | _handled(all_steps)) if _lags(journal) else case
        self.wrong(judge.of_locks(apart, messages))
        contested = replace(case, touched=case.touched | _shared(steps)) if _lags(journal) else case
        self.wrong(judge.of_calls(contested, all_steps))
        self.wrong(judge.of_waits(self.waited, self.may_wait))
        if len(self.jobs) == 1:
            self.wrong(judge.of_others(case, self.jobs[0].wanted.move_others))
        for place, job in enumerate(self.jobs):
            if job.follows or not self.jobs[-1].follows:
                later = [want for each in self.jobs[place + 1 :] for want in each.wanted.wants]
                self.judge_job(job, replace(case, wants=job.wanted.wants, later=later), steps)
        self.judge_page(after, lied | _in_doubt(all_steps, lied))
        if self.outcome.wrong:
            self.outcome.told += [
                f"{each.transfer_id}: {each.kind} {each.why} {each.item_id} {each.status} {each.code} {each.message}"
                for each in sorted((each for some in steps.values() for each in some), key=lambda each: each.pk)
            ]
            self.outcome.told += [f"{job.transfer.pk}: {job.transfer.message}" for job in self.jobs]

    def judge_job(self, job: Job, case: Case, steps: dict[int, list[Step]]) -> None:
        """What another job did with an item is no lie of this one: either may have come first.

        What a job goes on with, or takes back, it answers for; what that one had to move aside it does not.
        """
        transfer, own = job.transfer, steps[job.transfer.pk]
        gone_on_with = self.jobs[0].transfer.pk if job.follows else None
        others: set[str] = set()
        for key, rows in steps.items():
            if key != transfer.pk:
                others |= _handled(each for each in rows if key != gone_on_with or each.why in TOUCHES_OTHERS)
        case = replace(case, touched=case.touched | others)
        if job.follows and transfer.action == Action.UNDO:
            if transfer.status == Status.DONE and not transfer.refusals and len(self.jobs) == 2:
                self.wrong(judge.of_undo(case))
            return
        self.wrong(judge.of_end(case, transfer, own))
        if transfer.status == Status.CANCELLED and job is self.jobs[-1]:
            self.wrong(judge.of_cancelled(case, transfer, own))

    def quiet(self) -> list[dict[str, Any]]:
        """The journal of this run, once nothing of it is on its way any more: neither a call nor its late effect."""
        end = time.monotonic() + LATE_SECONDS
        while True:
            told = self.orders.actions(self.recruit.bungie_id)["actions"]
            found = [each for each in told if each["start"] >= self.started]
            if all(_is_over(each) for each in found) or time.monotonic() > end:
                return found
            time.sleep(0.2)

    def judge_page(self, after: Sequence[Thing], believed: set[str]) -> None:
        """What the player did in the game shows once the profile is younger than that."""
        seen = patiently(lambda: snapshots.known(self.recruit.player))
        if seen is None:
            return
        evidence = settling.evidence_at(seen)
        for key, at in list(self.recruit.touched.items()):
            if at < evidence:
                del self.recruit.touched[key]
        self.wrong(judge.of_page(seen, after, set(self.recruit.touched) | believed))

    def things(self) -> list[Thing]:
        return things(self.orders, self.recruit.bungie_id)

    def wrong(self, told: Iterable[str]) -> None:
        self.outcome.wrong += told

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.outcome.wrong.append(otherwise)


def _handled(steps: Iterable[Step]) -> set[str]:
    found = [(each.item_id, *each.item_ids, *each.found.get("worn", {}).values()) for each in steps]
    return {item for items in found for item in items if item}


def _in_doubt(steps: Iterable[Step], lied: set[str]) -> set[str]:
    """What Bungie has only said so, what a cancelled job could not find out, and what was taken off for either."""
    doubted = [each for each in steps if each.status == StepStatus.UNKNOWN or lied & {each.item_id, *each.item_ids}]
    return _handled(doubted) | {str(each.item_hash) for each in doubted if each.item_id is None and not each.item_ids}


def _as_it_was(step: Step, later: Step) -> bool:
    return (step.pk, step.status, step.finished_at) == (later.pk, later.status, later.finished_at)


def _shared(steps: dict[int, list[Step]]) -> set[str]:
    """Items of which two jobs had something to do."""
    counted = Counter(item for rows in steps.values() for item in _handled(rows))
    return {item for item, count in counted.items() if count > 1}


def _lags(journal: Iterable[dict[str, Any]]) -> bool:
    """Some yes came before its effect: the next job may have planned with a lock that was about to change."""
    return any("lag" in each["fault"] for each in journal)


def _is_over(entry: dict[str, Any]) -> bool:
    lag = entry["fault"].get("lag", 0)
    return entry["end"] is not None and (entry["effect"] or time.monotonic() > entry["end"] + lag + 0.2)


def patiently(ask: Callable[[], Answer], seconds: float = 180) -> Answer:
    """Postgres is killed now and then: the harness, unlike the site, simply asks again."""
    end = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
