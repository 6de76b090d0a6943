"""Every code of CONTRACT.md, and every way to lose an answer, at every kind of step: met once, by one job."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import BungieAccount
from destinyvault.bungie.enums import PlatformError
from destinyvault.sandbox import facts
from inventory.models import ProfileSnapshot
from inventory.transfers.models import Status, StepStatus, Transfer, WaitsFor
from inventory.transfers.wants import Kind, Want
from tests.conftest import refill_the_budget

pytestmark = pytest.mark.django_db

# By what the contract says is to be done: again from what a new profile shows, wait, ask for consent, or tell.
LOOK = (1601, 1620, 1618, 1623, 1641)
ROOM, WORN = (1637, 1642), (1656,)
ACTIVITY, CONSENT = (1640, 1671), (1665, 1666)
FINAL = (1627, 1634, 1638, 1639, 1648, 1660, 1663, 1673)
MAINTENANCE, OF_THE_SITE = (5,), (12, 2101, 2102, 2107, 2108)
# The first of each stands for the others, which are one class of error, at all kinds of step but one.
THROTTLE = (1672, 31, 35, 36, 37, 51, 54, 55, 56, 57)
SIGN_IN = (99, 22, 2106, 2111, 2122, 2123, 2124)
LOST = (1652, 1643, 1645, 1651, 1688)

WAITS = {
    **dict.fromkeys(ACTIVITY, WaitsFor.ACTIVITY),
    **dict.fromkeys(CONSENT, WaitsFor.SIGN_IN),
    **dict.fromkeys(LOST, WaitsFor.ANSWER),
    **dict.fromkeys(MAINTENANCE, WaitsFor.MAINTENANCE),
    **dict.fromkeys(OF_THE_SITE, WaitsFor.STAFF),
}
TABLE = (*LOOK, *ROOM, *WORN, *ACTIVITY, *CONSENT, *FINAL, *MAINTENANCE, *OF_THE_SITE)
CODES = (*TABLE, *THROTTLE, *SIGN_IN, *LOST)
FEWER = (*TABLE, THROTTLE[0], SIGN_IN[0], LOST[0])
# What comes in place of an answer, and whether the call has taken effect by then.
REPLIES = {
    "lost before": ({"drop": "before"}, WaitsFor.ANSWER),
    "lost after": ({"drop": "after"}, None),
    "502": ({"status": 502}, WaitsFor.ANSWER),
    "page 503": ({"html": 503}, WaitsFor.ANSWER),
    "page 403": ({"html": 403}, WaitsFor.SILENT),
    "nothing": ({"empty": 200}, WaitsFor.ANSWER),
    "no envelope": ({"body": ["?"]}, WaitsFor.ANSWER),
    "502 after": ({"status": 502, "after": True}, None),
    "page 503 after": ({"html": 503, "after": True}, None),
    "nothing after": ({"empty": 200, "after": True}, None),
    **{f"{code} after": ({"error_code": code, "after": True}, None) for code in LOST},
}
OPERATIONS = {
    "to_vault": "TransferItem",
    "to_character": "TransferItem",
    "stack": "TransferItem",
    "pull": "PullFromPostmaster",
    "equip": "EquipItem",
    "equip_many": "EquipItems",
    "lock": "SetItemLockState",
    "unlock": "SetItemLockState",
}


@pytest.fixture
def trials(mover, request):
    return Trials(mover, request.getfixturevalue("kind"))


class Trials:
    """One job after the other from the same beginning."""

    def __init__(self, mover, kind):
        self.mover, self.kind = mover, kind
        self.account = mover.site.account(mover.guardian)
        self.action, self.wants, self.is_met = getattr(self, kind)()
        self.keep_a_few_things()
        mover.know()
        self.at_first = self.account.owned.kept()
        self.items = self.inventory()
        self.profile = ProfileSnapshot.objects.values("packed", "digest").get(membership=mover.membership)

    def __call__(self, fault):
        """The job after its first run, and after it has ended; what Bungie was asked for is in the journal."""
        self.begin_again()
        self.mover.orders.fault(OPERATIONS[self.kind], times=1, **fault)
        first = self.mover.run(self.mover.wish(self.action, *self.wants, run=False))
        told = first.status, first.waits_for, first.message
        return told, self.until_it_ends(first)

    def keep_a_few_things(self):
        """So that three hundred jobs are thought through in a moment."""
        wanted = {want.item_hash for want in self.wants}
        kept = [each for each in self.account.owned.items if each.equipped or each.hash in wanted]
        weapons = [each for each in self.account.owned.items if each.home == facts.KINETIC and not each.equipped]
        self.account.owned.items = [*kept, *(each for each in weapons[:30] if each.hash not in wanted)]

    def begin_again(self):
        Transfer.objects.all().delete()
        self.mover.orders.clear_faults()
        self.mover.orders.clear_actions()
        refill_the_budget()
        self.mover.site.sandbox.pace.reset()
        self.account.owned.restore(self.at_first)
        self.account.forget()
        then = timezone.now() - timedelta(seconds=1)
        ProfileSnapshot.objects.update(**self.profile, effects=[], minted_at=then, fetched_at=then)

    def until_it_ends(self, transfer):
        if transfer.waits_for == WaitsFor.SIGN_IN:
            BungieAccount.objects.update(signed_in_at=timezone.now() + timedelta(seconds=1))
        return self.mover.until_it_ends(transfer)

    def inventory(self):
        counted = Counter()
        for each in self.account.owned.items:
            counted[each.instance_id, each.hash] += each.quantity
        return counted

    def judged(self, transfer):
        """What has to hold whatever has happened."""
        journal = self.mover.orders.actions()
        done = sum(each.status == StepStatus.DONE for each in self.mover.steps(transfer))
        assert self.inventory() == self.items
        assert {count for (instance_id, _), count in self.items.items() if instance_id} == {1}
        assert sum(each["effect"] for each in journal["actions"]) == done, "each effect is one step that says so"
        assert not any(journal["throttled"].values())
        assert max(journal["most_in_flight"].values()) == 1
        assert {each.status for each in self.mover.steps(transfer)} <= {StepStatus.DONE, StepStatus.FAILED}
        assert bool(transfer.refusals) != self.is_met(), "what it says is so"
        return transfer.status, len(transfer.refusals)

    # One wish for each kind of step, that needs this one call

    def held(self, item):
        return self.account.owned.find(item["instance_id"])

    def moved(self, item, to, place):
        return "move", [self.mover.moved(item, to)], lambda: self.held(item).owner == place

    def to_vault(self):
        one = self.mover.characters[0]
        item = self.mover.item(owner=one, home=facts.KINETIC, equipped=False, place="character")
        return self.moved(item, "vault", "")

    def to_character(self):
        one = self.mover.characters[0]
        return self.moved(self.mover.item(place="vault", home=facts.KINETIC), one, one)

    def stack(self):
        stack = self.mover.plain_stack(9)
        want = self.mover.moved(stack, self.mover.characters[0], quantity=4, source="vault")
        return "move", [want], lambda: self.mover.amounts(stack) == {"account": 4, "vault": 5}

    def pull(self):
        one = self.mover.characters[0]
        item = self.mover.item(place="postmaster", owner=one, home=facts.KINETIC)
        want = Want(Kind.PULL, item["instance_id"], item["hash"])
        return "pull", [want], lambda: self.held(item).bucket != facts.POSTMASTER

    def worn(self, buckets):
        one, catalog = self.mover.characters[0], self.mover.site.sandbox.catalog.by_hash
        found = {}
        for each in self.mover.items(place="vault"):
            kind = catalog.get(each["hash"])
            if each["home"] in buckets and kind and kind.equippable and not kind.equip_label:
                found[each["home"]] = each
        for each in found.values():
            self.mover.play("move", item=each["instance_id"], to=one)
        wants = [self.mover.equipped(each, one) for each in found.values()]
        return "equip", wants, lambda: all(self.held(each).equipped for each in found.values())

    def equip(self):
        return self.worn([facts.KINETIC])

    def equip_many(self):
        return self.worn(facts.WEAPON_BUCKETS)

    def locked(self, kind):
        item, wanted = self.mover.item(place="vault", home=facts.KINETIC), kind is Kind.LOCK
        self.mover.play("lock", item=item["instance_id"], state=not wanted)
        want = Want(kind, item["instance_id"], item["hash"])
        return kind.value, [want], lambda: bool(self.held(item).state & 1) == wanted

    def lock(self):
        return self.locked(Kind.LOCK)

    def unlock(self):
        return self.locked(Kind.UNLOCK)


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_code_at_this_kind_of_step(trials, kind, subtests):
    for code in CODES if kind == "to_character" else FEWER:
        with subtests.test(code=code):
            (status, waits_for, message), transfer = trials({"error_code": code})
            ended = trials.judged(transfer)
            calls = trials.mover.calls()
            assert calls[0]["code"] == code
            if code in FINAL:
                assert ended == (Status.FAILED, len(trials.wants))
                assert transfer.message.startswith(("Bungie refused: ", "None of the ")), transfer.message
                assert len(calls) == 1, "no, and no again"
                continue
            assert ended == (Status.DONE, 0), transfer.message
            if code in WAITS:
                assert (status, waits_for) == (Status.PARKED, WAITS[code])
                assert message.startswith("Waiting")
            if code in (*SIGN_IN, *LOOK, *THROTTLE, *LOST, *MAINTENANCE, *OF_THE_SITE):
                assert [each["code"] for each in calls] == [code, 1]


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_way_to_lose_an_answer_at_this_kind_of_step(trials, kind, subtests):
    for name, (fault, waits_for) in REPLIES.items():
        with subtests.test(name):
            told, transfer = trials(fault)
            assert trials.judged(transfer) == (Status.DONE, 0), transfer.message
            assert [each["effect"] for each in trials.mover.calls()] == ([True] if not waits_for else [False, True])
            if waits_for:
                assert told[:2] == (Status.PARKED, waits_for)


def test_none_of_the_games_own_codes_is_left_out():
    assert {code.value for code in PlatformError if 1600 < code < 1700} <= set(CODES)
