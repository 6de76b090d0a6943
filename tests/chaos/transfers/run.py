"""One run: somebody of the crowd asks for something, disasters happen, and in the end nothing may be lost or untrue."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection

from destinyvault.bungie.errors import BungieError
from destinyvault.sandbox.orders import OrderRefused, SandboxOrders
from inventory import snapshots
from inventory.transfers.models import ENDED, Status, Step, StepStatus, Transfer, WaitsFor
from inventory.transfers.queueing import NoWay, Order, enqueue, hand_out
from inventory.transfers.steps import StepKind
from inventory.transfers.wants import Kind, Want
from tests.chaos.transfers import wishes
from tests.chaos.transfers.disasters import DISASTERS
from tests.chaos.transfers.players import Recruit
from tests.chaos.transfers.truth import Thing, inventory_list, things

Answer = TypeVar("Answer")
END_SECONDS = 900
LOOKS_EVERY = 0.5  # seconds: forty onlookers would otherwise take the machine from those whom they watch
PLAYS_MEANWHILE = 0.25  # of the runs


@dataclass
class Outcome:
    seed: int
    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    ended: str = ""
    seconds: float = 0.0


class Run:
    def __init__(self, orders: SandboxOrders, recruit: Recruit, seed: int) -> None:
        self.orders, self.recruit, self.seed = orders, recruit, seed
        self.rng = random.Random(seed)
        self.outcome = Outcome(seed)
        self.destroyed: Counter[tuple[str | None, int]] = Counter()

    def go(self) -> Outcome:
        self.started = time.monotonic()  # the sandbox's clock, too: it is this machine's
        try:
            self.play()
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
            self.outcome.told.append(disaster(self.orders, self.recruit.bungie_id, self.rng))
        transfer = self.ask(wanted)
        if transfer:
            for _ in range(self.rng.choice((0, 0, 1, 2))):  # a broker may hand out a task more than once
                patiently(lambda: hand_out(transfer.pk))
            if self.rng.random() < PLAYS_MEANWHILE:
                self.play_meanwhile(before)
            self.wait(transfer)
            self.judge(transfer, wanted, before)

    def ask(self, wanted: Order) -> Transfer | None:
        """The click, in one run of five twice at the same moment."""
        twice = self.rng.random() < 0.2
        found: list[Transfer] = []
        clicks = [threading.Thread(target=self._click, args=(wanted, found)) for _ in range(1 + twice)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        self.expect(len({each.pk for each in found}) <= 1, "the same click made two jobs")
        return found[0] if found else None

    def _click(self, wanted: Order, found: list[Transfer]) -> None:
        try:
            found.append(patiently(lambda: enqueue(self.recruit.player, wanted)))
        except NoWay as why:
            self.outcome.told.append(f"no way: {why}")
        except BungieError as error:
            self.outcome.told.append(f"not now: {error}")
        finally:
            connection.close()

    def play_meanwhile(self, before: Sequence[Thing]) -> None:
        time.sleep(self.rng.uniform(0, 0.6))
        choices = [each for each in before if each.id and each.home in wishes.GEAR and each.owner and not each.is_lost]
        thing = self.rng.choice([each for each in choices if not each.equipped])
        assert thing.id
        self.recruit.touched.add(thing.id)
        try:
            self.at_the_game(thing)
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

    def wait(self, transfer: Transfer) -> None:
        """Until it has ended; the page of somebody looks on, and they sign in again when they are asked to."""
        end = time.monotonic() + END_SECONDS
        while transfer.status not in ENDED:
            if time.monotonic() > end:
                self.outcome.wrong.append(f"never ended: {transfer.status} {transfer.waits_for} {transfer.message}")
                return
            self.expect(transfer.status != Status.PARKED or bool(transfer.message), "parked without a reason")
            if transfer.status == Status.PARKED and transfer.waits_for == WaitsFor.SIGN_IN:
                patiently(lambda: self.recruit.sign_in(self.orders))
            if self.rng.random() < 0.1:
                self.look()
            time.sleep(LOOKS_EVERY)
            patiently(transfer.refresh_from_db)

    def look(self) -> None:
        """As the page in the background."""
        with suppress(BungieError):
            patiently(lambda: snapshots.ask(self.recruit.player))

    def judge(self, transfer: Transfer, wanted: Order, before: Sequence[Thing]) -> None:
        after = self.things()
        self.outcome.ended = transfer.status
        self.expect(inventory_list(after) == inventory_list(before) - self.destroyed, "items were lost or doubled")
        instances = Counter(each.id for each in after if each.id)
        self.expect(all(count == 1 for count in instances.values()), "an item is in two places")
        steps = list(patiently(lambda: list(transfer.steps.all())))
        self.expect(all(each.status != StepStatus.RUNNING for each in steps), "a step still runs in an ended job")
        self.expect(bool(transfer.message) or transfer.status == Status.DONE, "ended without a word")
        self.judge_effects(steps)
        refused = {each["want"] for each in transfer.refusals}
        if transfer.status == Status.DONE:
            for number, want in enumerate(wanted.wants):
                if number not in refused and want.item_id not in self.recruit.touched:
                    self.expect(self.is_met(want, before, after), f"said done, but is not: {want}")
        self.judge_page(after)
        if self.outcome.wrong:
            told = [f"{each.kind} {each.item_id} {each.status} {each.code} {each.message}" for each in steps]
            self.outcome.told += [*told, transfer.message]

    def judge_effects(self, steps: Sequence[Step]) -> None:
        """Each effect at the sandbox is one step that says so, and the other way round."""
        happened: Counter[tuple[str, str]] = Counter()
        for each in self.orders.actions()["actions"]:
            if each["account"] == self.recruit.membership_id and each["effect"] and each["start"] >= self.started:
                happened[each["operation"], each["item"]] += 1
        told: Counter[tuple[str, str]] = Counter()
        for step in steps:
            if step.status != StepStatus.DONE or step.kind == StepKind.EQUIP_MANY:
                continue
            told[OPERATIONS[StepKind(step.kind)], step.item_id or str(step.item_hash)] += 1
        for what in [*happened, *told]:
            if what[1] in self.recruit.touched:  # the player may have done what the call was sent for
                del happened[what], told[what]
        twice = {what: count for what, count in (happened - told).items() if what[0] in OPERATIONS.values()}
        self.expect(not twice, f"took effect without a step that says so: {twice}")
        # A lock that is as it should be already is set all the same: nothing changes by that.
        missing = {what: count for what, count in (told - happened).items() if what[0] != "SetItemLockState"}
        self.expect(not missing, f"said done without an effect: {missing}")

    def judge_page(self, after: Sequence[Thing]) -> None:
        """What the page shows without another question to Bungie is where the items are."""
        seen = patiently(lambda: snapshots.known(self.recruit.player))
        if seen is None or self.recruit.touched:
            return
        shown = {held.instance_id: held.owner or "" for held in seen.profile.items if held.instance_id}
        real = {each.id: each.owner for each in after if each.id}
        wrong = {key: (shown.get(key), owner) for key, owner in real.items() if shown.get(key) != owner}
        self.expect(
            not wrong, f"the page shows items where they are not (shown, real): {dict(list(wrong.items())[:3])}"
        )

    def is_met(self, want: Want, before: Sequence[Thing], after: Sequence[Thing]) -> bool:
        if want.item_id is None:
            return _at(after, want) >= min(_at(before, want) + want.quantity, want.quantity)
        thing = next((each for each in after if each.id == want.item_id), None)
        if thing is None:
            return False
        match want.kind:
            case Kind.LOCK | Kind.UNLOCK:
                return thing.locked is (want.kind is Kind.LOCK)
            case Kind.EQUIP:
                return thing.equipped and thing.owner == want.to
            case Kind.PULL:
                return not thing.is_lost
        return thing.place == want.to

    def things(self) -> list[Thing]:
        return things(self.orders, self.recruit.bungie_id)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.outcome.wrong.append(otherwise)


OPERATIONS = {
    StepKind.TO_VAULT: "TransferItem",
    StepKind.TO_CHARACTER: "TransferItem",
    StepKind.PULL: "PullFromPostmaster",
    StepKind.EQUIP: "EquipItem",
    StepKind.LOCK: "SetItemLockState",
    StepKind.UNLOCK: "SetItemLockState",
}


def _at(all_things: Sequence[Thing], want: Want) -> int:
    place = "vault" if want.to == "vault" else "account"
    return sum(each.quantity for each in all_things if each.hash == want.item_hash and each.place == place)


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
