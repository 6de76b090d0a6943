"""A job that has to wait says for what, and goes on by itself; waiting uses up no tries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import BungieAccount
from destinyvault.sandbox import facts
from inventory import snapshots
from inventory.transfers.models import Status, StepStatus, Transfer, WaitsFor
from inventory.transfers.parking import LONGEST, SENTENCES, SHORTEST, next_wait
from inventory.transfers.sweeping import sweep
from tests.conftest import refill_the_budget

pytestmark = pytest.mark.django_db


def parked(transfer):
    return transfer.status, transfer.waits_for


@pytest.mark.parametrize(
    ("waits_for", "fault"),
    [
        pytest.param(WaitsFor.MAINTENANCE, {"maintenance": True}, id="k6-maintenance"),
        pytest.param(WaitsFor.SILENT, {"html": 403}, id="page"),
        pytest.param(WaitsFor.SILENT, {"body": {"error": "x", "error_description": "y"}, "status": 400}, id="i3"),
    ],
)
def test_what_may_pass_parks_the_job_and_uses_up_no_tries(mover, weapon, queued, waits_for, fault):
    mover.orders.fault("TransferItem", **fault)
    for _ in range(6):
        transfer = mover.run(queued)
        assert parked(transfer) == (Status.PARKED, waits_for)
        assert transfer.message.startswith("Waiting")
        assert transfer.not_before > timezone.now()
        mover.let_it_wait(transfer)
    assert [each.status for each in mover.steps(queued)] == [StepStatus.WAITING]
    mover.orders.clear_faults()
    assert mover.until_it_ends(queued).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


def test_k6_maintenance_ends_and_the_job_goes_on_by_itself(mover, queued):
    mover.orders.fault("*", maintenance=True)
    transfer = mover.run(queued)
    assert transfer.message == "Waiting for Bungie's maintenance to end."
    assert sweep() == 0
    mover.orders.clear_faults()
    mover.let_it_wait(transfer)
    assert sweep() == 1
    assert mover.run(transfer).status == Status.DONE


@pytest.mark.parametrize("http_status", [200, 500, 503])
def test_i2_maintenance_in_the_body_is_maintenance_whatever_the_http_status(mover, queued, http_status):
    mover.orders.fault("TransferItem", error_code=5, http_status=http_status, times=1)
    transfer = mover.run(queued)
    assert parked(transfer) == (Status.PARKED, WaitsFor.MAINTENANCE)
    assert transfer.message == "Waiting for Bungie's maintenance to end."
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert [each["effect"] for each in mover.calls()] == [False, True]


def test_k7_job_waits_at_least_as_long_as_bungie_asks(mover, queued):
    mover.orders.fault("TransferItem", error_code=1672, throttle_seconds=40, times=1)
    before = timezone.now()
    transfer = mover.run(queued)
    assert parked(transfer) == (Status.PARKED, WaitsFor.THROTTLED)
    assert transfer.not_before >= before + timedelta(seconds=40)


@pytest.mark.parametrize("seconds", [0, 1])
def test_i5_short_throttle_is_waited_for_and_uses_up_no_tries(mover, queued, seconds):
    mover.orders.fault("TransferItem", error_code=1672, throttle_seconds=seconds, times=1)
    assert mover.run(queued).status == Status.DONE
    assert [each["effect"] for each in mover.calls()] == [False, True]


@pytest.mark.parametrize(("seconds", "calls"), [(0, 2), (1, 2), (10, 1)])
def test_i5_no_worker_waits_for_a_throttle_that_lasts(mover, weapon, queued, seconds, calls):
    mover.orders.pace(quick=0)  # what it waits in between is only written down here
    mover.orders.fault("TransferItem", error_code=1672, throttle_seconds=seconds, times=20)
    for tries in range(1, 4):
        transfer = mover.run(queued)
        assert parked(transfer) == (Status.PARKED, WaitsFor.THROTTLED)
        assert transfer.message == SENTENCES[WaitsFor.THROTTLED]
        assert len(mover.calls()) == calls * tries
        mover.let_it_wait(transfer)
        refill_the_budget()
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


def test_another_job_of_an_account_that_is_throttled_does_not_wait_in_a_worker_either(mover, queued):
    second = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    mover.orders.fault("TransferItem", error_code=1672, throttle_seconds=10, times=1)
    assert parked(mover.run(queued)) == (Status.PARKED, WaitsFor.THROTTLED)
    assert parked(mover.run(second)) == (Status.PARKED, WaitsFor.THROTTLED)
    assert len(mover.calls()) == 1


def test_waits_grow_with_what_was_waited_already():
    assert next_wait(timedelta()) == SHORTEST
    assert next_wait(timedelta(seconds=70)) == timedelta(seconds=70)
    assert next_wait(timedelta(days=1)) == LONGEST


def test_i4_access_token_that_has_ended_is_renewed_in_mid_job(mover, weapon, queued):
    mover.orders.end_tokens(mover.guardian, "access")
    assert mover.run(queued).status == Status.DONE
    assert [each["effect"] for each in mover.calls()] == [False, True]


def test_nothing_is_refused_for_ever_by_an_old_profile_that_was_asked_for_in_vain_just_now(mover, weapon):
    one = mover.characters[0]
    added = mover.play("fill", where=facts.KINETIC, character=one)
    mover.know()
    transfer = mover.move(weapon, one, run=False)
    Transfer.objects.update(move_others=False)
    for each in added:
        mover.play("dismantle", item=each["instance_id"])
    mover.let_it_wait(transfer, seconds=3600)
    mover.orders.fault("GetProfile", html=503)
    mover.let_time_pass()
    snapshots.ask(mover.player)  # as a page does that is open
    assert parked(mover.run(transfer)) == (Status.PARKED, WaitsFor.SILENT)
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE


def test_k8_sign_in_that_has_ended_parks_until_the_person_is_back(mover, weapon, queued):
    mover.orders.end_tokens(mover.guardian)
    transfer = mover.run(queued)
    assert parked(transfer) == (Status.PARKED, WaitsFor.SIGN_IN)
    assert transfer.message == "Waiting for you to sign in with Bungie.net again."
    assert sweep() == 0
    assert parked(mover.run(transfer)) == (Status.PARKED, WaitsFor.SIGN_IN), "a task that comes all the same"
    mover.site.browser(mover.guardian)
    assert sweep() == 1
    assert mover.run(transfer).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


WRONG = "Waiting for this site's staff to look into it: Bungie refuses this site's own settings. Nothing is lost."


@pytest.mark.parametrize("code", [12, 2101, 2102, 2107, 2108])
def test_refusal_of_this_sites_application_waits_for_its_staff_and_goes_on_by_itself(mover, weapon, queued, code):
    mover.orders.fault("TransferItem", error_code=code, times=2)
    transfer = mover.run(queued)
    assert (*parked(transfer), transfer.message) == (Status.PARKED, WaitsFor.STAFF, WRONG)
    assert [(each.status, each.code) for each in mover.steps(transfer)] == [(StepStatus.WAITING, code)]
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]
    assert [each["code"] for each in mover.calls()] == [code, code, 1]


def test_profile_that_bungie_refuses_to_show_waits_for_the_staff(mover, weapon, queued):
    mover.orders.fault("TransferItem", drop="after", times=1)
    mover.orders.fault("GetProfile", error_code=2101)
    transfer = mover.run(queued)
    assert parked(transfer) == (Status.PARKED, WaitsFor.STAFF)
    assert "Bungie refuses to tell this site what you own" in transfer.message
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE


def is_asked_to_sign_in(mover):
    html = mover.browser.get("/inventory/").text
    assert "in the vault" in html.lower() or "vault" in html.lower()
    return "no longer accepts" in html or BungieAccount.objects.get(membership_id=mover.guardian).sign_in_needed


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error", "something_new"])
def test_token_endpoint_that_cannot_now_keeps_the_job_and_the_sign_in(mover, weapon, queued, error):
    BungieAccount.objects.update(access_expires_at=timezone.now())
    mover.orders.fault("token", body={"error": error}, status=400)
    transfer = mover.run(queued)
    assert (*parked(transfer), transfer.message) == (
        Status.PARKED,
        WaitsFor.SILENT,
        "Waiting for Bungie.net to answer again.",
    )
    assert not is_asked_to_sign_in(mover)
    assert mover.calls() == []
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


def test_wrong_client_secret_waits_for_the_staff_and_asks_nobody_to_sign_in_again(mover, weapon, queued, settings):
    right, settings.BUNGIE_CLIENT_SECRET = settings.BUNGIE_CLIENT_SECRET, "mistyped"
    BungieAccount.objects.update(access_expires_at=timezone.now())
    mover.let_time_pass()
    transfer = mover.run(queued)
    assert (*parked(transfer), transfer.message) == (Status.PARKED, WaitsFor.STAFF, WRONG)
    assert not is_asked_to_sign_in(mover)
    assert mover.browser.get(f"/items/{weapon['instance_id']}/").status_code == 200
    settings.BUNGIE_CLIENT_SECRET = right
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


def test_permission_that_is_missing_asks_for_consent(mover, queued):
    mover.orders.fault("TransferItem", error_code=1666, times=1)
    transfer = mover.run(queued)
    assert parked(transfer) == (Status.PARKED, WaitsFor.SIGN_IN)
    assert "allow this site to move items" in transfer.message
    BungieAccount.objects.update(signed_in_at=timezone.now())
    assert sweep() == 1
    assert mover.run(transfer).status == Status.DONE


def test_k5_move_goes_on_while_an_equip_waits_for_the_activity_to_end(mover, weapon):
    one = mover.characters[0]
    mover.play("activity", character=one, locked=True)
    other = mover.items(place="vault", home=facts.ENERGY)[0]
    transfer = mover.run(
        mover.wish("equip", mover.equipped(weapon, one), mover.moved(other, one), run=False),
    )
    assert parked(transfer) == (Status.PARKED, WaitsFor.ACTIVITY)
    assert (mover.place(weapon), mover.place(other)) == (one, one)
    assert not mover.item(instance_id=weapon["instance_id"])["equipped"]
    mover.let_it_wait(transfer)
    assert parked(mover.run(transfer)) == (Status.PARKED, WaitsFor.ACTIVITY)
    mover.play("activity", character=one, locked=False)
    mover.let_it_wait(transfer, seconds=300)
    assert mover.run(transfer).status == Status.DONE
    assert mover.item(instance_id=weapon["instance_id"])["equipped"]


def test_d17_moved_but_not_equipped_is_told_apart(mover, weapon):
    one = mover.characters[0]
    mover.play("activity", character=one, locked=True)
    transfer = mover.run(mover.wish("equip", mover.equipped(weapon, one), run=False))
    moved, equips = mover.steps(transfer)
    assert (moved.kind, moved.status) == ("to_character", StepStatus.DONE)
    assert (equips.kind, equips.status, equips.code) == ("equip", StepStatus.WAITING, 1671)
    assert "activity" in transfer.message


def test_job_that_waits_for_ever_is_given_up_after_a_week(mover, queued):
    mover.orders.fault("TransferItem", maintenance=True)
    transfer = mover.run(queued)
    mover.let_it_wait(transfer, seconds=7 * 86400 + 60)
    sweep()
    transfer = mover.again(transfer)
    assert transfer.status == Status.FAILED
    assert "week" in transfer.message
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.SKIPPED]
