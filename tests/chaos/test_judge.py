"""The chaos suite's own judgement: each kind of loss and each kind of lie, made up, is found; the truth passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.doubts import AS_SAID
from inventory.transfers.models import Status, StepStatus, WaitsFor
from inventory.transfers.runner import MISTAKE
from inventory.transfers.steps import StepKind
from inventory.transfers.telling import LOCK_CHANGED
from inventory.transfers.wants import Kind, Want
from tests.chaos.transfers import judge, overall
from tests.chaos.transfers.case import Case
from tests.chaos.transfers.killer import Killer
from tests.chaos.transfers.truth import Thing

ONE, OTHER, STACK = "1001", "1002", 77
PLAIN = Thing("1", 5, facts.KINETIC, facts.KINETIC, ONE, 1, False, False, True, False, "", "", facts.ANY_CLASS)
WORN = replace(PLAIN, id="2", hash=6, equipped=True)


def thing(id="1", owner=ONE, **how):
    bucket = facts.VAULT if owner == "" else facts.KINETIC
    return replace(PLAIN, id=id, owner=owner, **{"bucket": bucket, **how})


def stack(quantity, in_vault=False, **how):
    bucket = facts.VAULT if in_vault else facts.CONSUMABLES
    values = {"id": None, "hash": STACK, "home": facts.CONSUMABLES, "bucket": bucket, "owner": ""}
    return replace(PLAIN, **values | {"quantity": quantity, **how})


def sent(operation="TransferItem", item="1", **how):
    entry = {"operation": operation, "item": item, "character": ONE, "to": "vault", "quantity": 1, "code": 1}
    return entry | {"effect": True, "idle": False} | how


def step(kind=StepKind.TO_VAULT, item_id="1", **how):
    values = {"item_ids": [], "item_hash": 5, "character_id": ONE, "quantity": 1, "status": StepStatus.DONE, "code": 1}
    return SimpleNamespace(kind=kind, item_id=item_id, number=1, want=0, outcomes={}, **values | how)


def job(status=Status.DONE, message="Done.", refusals=()):
    return SimpleNamespace(status=status, message=message, refusals=list(refusals))


def refusal(code="refused", want=0):
    return {"want": want, "code": code, "message": ""}


MOVED = Case([Want(Kind.MOVE, "1", 5, to="vault")], [PLAIN, WORN], [thing(owner=""), WORN], [sent()])
NOT_MOVED = replace(MOVED, after=[PLAIN, WORN], journal=[])


def told(judged):
    return " ".join(judged)


def test_what_is_as_it_is_said_passes():
    assert not [*judge.of_items(MOVED), *judge.of_locks(MOVED), *judge.of_calls(MOVED, [step()])]
    assert not [*judge.of_end(MOVED, job(), [step()])]


@pytest.mark.parametrize("after", [[WORN], [PLAIN, WORN, PLAIN], [replace(PLAIN, quantity=2), WORN]])
def test_items_that_are_lost_or_doubled_are_found(after):
    assert "lost or doubled" in told(judge.of_items(replace(MOVED, after=after)))


@pytest.mark.parametrize(("there", "moved"), [(0, 3), (4, 3)])
def test_of_a_stack_neither_too_little_nor_too_much_may_arrive(there, moved):
    want = Want(Kind.MOVE, None, STACK, moved, source="account", to="vault")
    before = [stack(20), stack(there, in_vault=True)]
    for more in (-1, 0, 1, 3):
        arrived = moved + more
        case = Case([want], before, [stack(20 - arrived), stack(there + arrived, in_vault=True)], [])
        assert judge.is_met(want, case) is (more == 0)
        assert ("said done" in told(judge.of_end(case, job(), []))) is (more != 0)


def test_another_amount_than_the_step_tells_is_found():
    case = replace(MOVED, journal=[sent(item=str(STACK), quantity=6)])
    assert "without a step" in told(judge.of_calls(case, [step(item_id=None, item_hash=STACK, quantity=3)]))


def test_effects_without_steps_and_steps_without_effects_are_found():
    assert "without a step" in told(judge.of_calls(MOVED, []))
    assert "without a step" in told(judge.of_calls(replace(MOVED, journal=[sent(), sent()]), [step()]))
    assert "without an effect" in told(judge.of_calls(replace(MOVED, journal=[sent(effect=False)]), [step()]))
    assert "without an effect" in told(judge.of_calls(MOVED, [step(), step(kind=StepKind.TO_CHARACTER)]))


def test_an_effect_whose_step_is_said_to_be_unknown_is_told_truly():
    assert not told(judge.of_calls(MOVED, [step(status=StepStatus.UNKNOWN, code=None)]))


def test_several_equipped_together_count_too():
    many = step(StepKind.EQUIP_MANY, None, item_ids=["1", "2"])
    entry = sent("EquipItems", "1,2", to=None, quantity=None)
    assert not told(judge.of_calls(replace(MOVED, journal=[entry]), [many]))
    assert "without an effect" in told(judge.of_calls(replace(MOVED, journal=[]), [many]))
    assert "without a step" in told(judge.of_calls(replace(MOVED, journal=[entry, entry]), [many]))


def test_only_where_the_game_had_nothing_to_change_an_effect_may_be_missing():
    put_on = step(StepKind.EQUIP, "2")
    idle = sent("EquipItem", "2", to=None, quantity=None, effect=False, idle=True)
    assert not told(judge.of_calls(replace(MOVED, journal=[idle]), [put_on]))
    for other in (idle | {"idle": False}, idle | {"item": "1"}, idle | {"character": OTHER}):
        assert "without an effect" in told(judge.of_calls(replace(MOVED, journal=[other]), [put_on]))
    assert "without an effect" in told(judge.of_calls(replace(MOVED, journal=[idle]), [put_on, put_on]))


def test_bungies_word_alone_does_where_the_job_says_that_it_is_no_more_than_that():
    journal = [sent(effect=False, fault={"no_effect": True})]
    for message, wrong in (("Done.", True), (f"Done. {AS_SAID}", False)):
        case = replace(NOT_MOVED, journal=journal, believed=judge.believed(journal, [job(message=message)]))
        found = told(judge.of_calls(case, [step()])) + told(judge.of_end(case, job(message=message), [step()]))
        assert bool(found) is wrong
    assert judge.believed(journal, [job(Status.CANCELLED)])
    assert not judge.believed([sent(effect=False, fault={"drop": "before"})], [job(message=AS_SAID)])


def test_what_was_to_be_left_alone_and_was_touched_is_found():
    case = replace(MOVED, journal=[sent(), sent(item="2")])
    assert "left alone" in told(judge.of_others(case, move_others=False))
    assert not told(judge.of_others(case, move_others=True))
    assert not told(judge.of_others(MOVED, move_others=False))


def test_an_undo_that_leaves_something_elsewhere_is_found():
    assert "undone, but" in told(judge.of_undo(MOVED))
    assert not told(judge.of_undo(NOT_MOVED))
    want = Want(Kind.MOVE, None, STACK, 3, source="account", to="vault")
    case = Case([want], [stack(20)], [stack(17), stack(3, in_vault=True)], [])
    assert "undone, but" in told(judge.of_undo(case))


@pytest.mark.parametrize("free", [0, 1, 2])
def test_room_is_made_where_so_many_places_are_free(free):
    want = Want(Kind.ROOM, None, facts.KINETIC, 1, to=ONE)
    after = [thing(str(number)) for number in range(10 - free)]
    assert judge.is_met(want, Case([want], after, after, [])) is (free >= 1)


def test_consolidated_is_what_lies_in_one_place():
    want = Want(Kind.CONSOLIDATE, None, STACK, to="vault")
    assert judge.is_met(want, Case([want], [], [stack(4, in_vault=True)], []))
    assert not judge.is_met(want, Case([want], [], [stack(4, in_vault=True), stack(1)], []))


def test_a_code_that_bungie_never_sent_is_found():
    assert "never sent" in told(judge.of_calls(MOVED, [step(code=1618)]))
    assert not told(judge.of_calls(MOVED, [step(), step(status=StepStatus.SKIPPED, code=5)])), "the token endpoint did"


def test_a_lock_that_nobody_asked_for_is_found():
    case = replace(MOVED, after=[thing(owner="", locked=True), WORN])
    assert "locks" in told(judge.of_locks(case))
    assert not told(judge.of_locks(case, LOCK_CHANGED)), "the job says so itself"
    assert not told(judge.of_locks(replace(case, wants=[Want(Kind.LOCK, "1", 5)])))
    assert "locks" in told(judge.of_locks(replace(case, after=[PLAIN, replace(WORN, locked=True)]), LOCK_CHANGED))


def test_a_job_waits_for_nothing_that_is_not_the_matter():
    assert "maintenance" in told(judge.of_waits({WaitsFor.MAINTENANCE}, {WaitsFor.THROTTLED}))
    assert not told(judge.of_waits({WaitsFor.MAINTENANCE, WaitsFor.ANSWER}, {WaitsFor.MAINTENANCE}))


@pytest.mark.parametrize(
    ("transfer", "steps", "wrong"),
    [
        (job(Status.FAILED, MISTAKE), [], "ended with"),
        (job(message=""), [step()], "ended with"),
        (job(Status.FAILED, "Given up."), [step()], "not all of it was refused"),
        (job(), [step(status=StepStatus.UNKNOWN)], "is not known"),
        (job(), [step(status=StepStatus.RUNNING)], "still to be done"),
    ],
)
def test_an_end_that_is_none_is_found(transfer, steps, wrong):
    assert wrong in told(judge.of_end(MOVED, transfer, steps))


def test_done_is_not_believed():
    assert "said done, but is not" in told(judge.of_end(NOT_MOVED, job(), [step()]))


@pytest.mark.parametrize(
    ("code", "times", "wrong"), [(1623, 1, True), (1623, 4, False), (1618, 4, True), (1663, 1, False)]
)
def test_no_is_final_where_the_contract_says_so_or_after_some_tries(code, times, wrong):
    steps = [step(status=StepStatus.FAILED, code=code)] * times
    found = told(judge.of_end(NOT_MOVED, job(Status.FAILED, "No.", [refusal()]), steps))
    assert ("refused for good" in found) is wrong


def test_it_was_full_before_the_player_took_something_away():
    want, others = Want(Kind.EQUIP, "1", 5, to=ONE), [thing(str(number)) for number in range(20, 29)]
    refused = job(Status.FAILED, "No.", [refusal("no_room")])
    case = Case([want], [WORN, thing(owner=""), *others], [WORN, thing(owner=""), *others[1:]], [])
    assert "that is not so" in told(judge.of_end(case, refused, []))
    assert not told(judge.of_end(replace(case, touched={"20"}), refused, []))


@pytest.mark.parametrize(
    ("later", "is_so"),
    [
        (Want(Kind.MOVE, "1", 5, to=OTHER), True),
        (Want(Kind.EQUIP, "2", 6, to=ONE), True),
        (Want(Kind.EQUIP, "1", 5, to=ONE), False),
        (Want(Kind.EQUIP, "2", 6, to=OTHER), False),
        (Want(Kind.MOVE, "2", 6, to=OTHER), False),
    ],
)
def test_a_later_wish_counts_where_it_contradicts(later, is_so):
    case = replace(NOT_MOVED, wants=[Want(Kind.EQUIP, "1", 5, to=ONE)], later=[later])
    refused = job(Status.FAILED, "No.", [refusal("overtaken")])
    assert ("that is not so" in told(judge.of_end(case, refused, []))) is not is_so


def test_what_was_refused_and_happened_is_found():
    steps = [step(status=StepStatus.FAILED, code=1663)]
    assert "but is met" in told(judge.of_end(MOVED, job(Status.FAILED, "No.", [refusal()]), steps))


@pytest.mark.parametrize(
    "code",
    [
        "gone",
        "no_room",
        "cannot_unequip",
        "one_exotic",
        "other_class",
        "not_transferable",
        "side_effects",
        "at_postmaster",
    ],
)
def test_what_the_site_refuses_by_itself_has_to_be_so(code):
    want = Want(Kind.EQUIP, "1", 5, to=ONE)
    refused = job(Status.FAILED, "No.", [refusal(code)])
    spare = thing("3", hash=8)
    case = Case([want], [PLAIN, WORN, spare], [PLAIN, WORN, spare], [])
    assert "that is not so" in told(judge.of_end(case, refused, []))
    titan = thing("9", home=facts.HELMET, bucket=facts.HELMET, class_type=facts.TITAN, equipped=True)
    so = {
        "gone": [WORN],
        "no_room": [PLAIN, *(thing(str(number)) for number in range(20, 29))],
        "cannot_unequip": [PLAIN],
        "one_exotic": [replace(PLAIN, equip_label="x"), replace(WORN, equip_label="x", home=facts.ENERGY)],
        "other_class": [titan, replace(PLAIN, class_type=facts.HUNTER)],
        "not_transferable": [replace(PLAIN, movable=False)],
        "side_effects": [replace(PLAIN, side_effects=True)],
        "at_postmaster": [replace(PLAIN, bucket=facts.POSTMASTER)],
    }[code]
    assert not told(judge.of_end(Case([want], so if code != "gone" else [PLAIN], so, []), refused, []))


def test_nothing_to_do_has_to_be_so():
    already = SimpleNamespace(want=0, code="already_there")
    assert "and is not" in told(judge.of_no_way(replace(NOT_MOVED, before=NOT_MOVED.after), [already]))
    assert not told(judge.of_no_way(replace(MOVED, before=MOVED.after), [already]))


def seen(*items):
    profile = SimpleNamespace(items=items, currencies=())
    return SimpleNamespace(profile=profile)


def held(thing):
    owner, state = thing.owner or None, int(thing.locked)
    return SimpleNamespace(
        instance_id=thing.id, hash=thing.hash, quantity=thing.quantity, bucket_hash=thing.bucket, owner=owner,
        equipped=thing.equipped, state=state,
    )  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        [thing(owner=OTHER), WORN],
        [replace(PLAIN, bucket=facts.POSTMASTER), WORN],
        [replace(PLAIN, equipped=True), WORN],
        [replace(PLAIN, locked=True), WORN],
        [PLAIN],
        [PLAIN, WORN, thing("3")],
    ],
)
def test_a_page_that_shows_an_item_as_it_is_not_is_found(shown):
    after = [PLAIN, WORN]
    assert not told(judge.of_page(seen(*map(held, after)), after, set()))
    assert "the page shows items" in told(judge.of_page(seen(*map(held, shown)), after, set()))


def test_only_what_the_player_touched_may_be_old_on_the_page():
    page = seen(*map(held, [thing(owner=OTHER), WORN]))
    assert not told(judge.of_page(page, [PLAIN, WORN], {"1"}))
    assert told(judge.of_page(page, [PLAIN, WORN], {"2"}))


def test_a_page_that_shows_too_many_of_a_stack_is_found():
    after = [stack(3), stack(4, in_vault=True)]
    assert not told(judge.of_page(seen(held(stack(1)), held(stack(2)), held(after[1])), after, set()))
    assert "stacks" in told(judge.of_page(seen(held(stack(7))), after, set()))
    assert "stacks" in told(judge.of_page(seen(held(stack(7))), after, {"1"}))
    assert not told(judge.of_page(seen(held(stack(7))), after, {str(after[0].hash)}))


def test_a_page_that_takes_a_move_back_is_found():
    now = datetime.now(UTC)
    move = SimpleNamespace(kind=StepKind.TO_VAULT, item_id="1", character_id=ONE, finished_at=now)
    page, before = seen(held(PLAIN)), now - timedelta(seconds=5)
    assert "before Bungie said yes" in told(judge.of_what_is_kept(page, before, [move]))
    assert not told(judge.of_what_is_kept(page, now + timedelta(seconds=1), [move])), "a newer profile is believed"
    assert not told(judge.of_what_is_kept(seen(held(thing(owner=""))), before, [move]))
    assert told(judge.of_what_is_kept(seen(held(WORN)), before, [move])), "nor may it vanish"


def test_cancelled_says_where_the_item_is():
    assert "and it is" in told(
        judge.of_cancelled(NOT_MOVED, job(Status.CANCELLED, "Cancelled. It is in the vault."), [])
    )
    assert not told(judge.of_cancelled(NOT_MOVED, job(Status.CANCELLED, "Cancelled. It is with your Titan."), []))


# Of all runs together


def test_actions_too_close_together_are_found_though_nobody_was_throttled():
    first = {"account": "1", "operation": "TransferItem", "start": 5.0, "end": 5.02, "code": 1643, "fault": {"x": 1}}
    assert "23 ms" in told(overall.hurried([first | {"start": 5.023}, first]))
    assert not overall.hurried([first, first | {"start": 5.101}, first | {"account": "2"}])


def test_more_than_an_address_may_ask_is_found():
    assert not overall.crowded([number / 24.9 for number in range(600)])
    assert overall.crowded([number / 26 for number in range(600)])


def test_runs_in_which_nothing_happens_are_found():
    assert overall.idle(["no way"] * 5 + ["done"] * 5)
    assert not overall.idle(["no way", "not now"] + ["done", "failed", "cancelled done"] * 2)


def test_tracebacks_that_no_killed_process_explains_are_found(tmp_path):
    log, head = tmp_path / "cluster.log", "Traceback (most recent call last):\n  File x\n"
    log.write_text(f"{head}django.db.utils.OperationalError: gone\nmore\n{head}KeyError: 'want'\n")
    assert overall.unexpected(log) == ["1 times in the log: KeyError: 'want'"]


class Site:
    def __init__(self, error=None):
        self.error = error

    def tend(self):
        pass

    def kill_a_worker(self, rng):
        if self.error:
            raise self.error
        return True

    kill_a_cluster = kill_postgres = kill_a_worker


@pytest.mark.parametrize(("error", "told_of"), [(FileNotFoundError("postmaster.pid"), "itself died"), (None, "")])
def test_a_killer_that_dies_is_found(error, told_of):
    killer = Killer(Site(error), 1)
    killer._done.wait = lambda _: killer.blows.total() > 30
    killer._strike()
    assert told_of in told(killer.judged())
    assert bool(killer.judged()) is bool(told_of)


def test_a_killer_that_never_strikes_is_found():
    assert "never killed: a worker" in told(Killer(Site(), 1).judged())
