"""Staff see all jobs with their steps in the admin, and can change nothing there."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import BungieAccount, Membership, User
from inventory.models import Step, Transfer
from inventory.transfers.finding import about_item
from inventory.transfers.models import Action, Status, StepStatus
from inventory.transfers.steps import StepKind, Why
from inventory.transfers.wants import Kind, Want

LIST = "/admin/inventory/transfer/"
ITEM, ASIDE, REFUSED, WORN, NOT_WORN = (f"691752900000000000{number}" for number in range(1, 6))
WISH = Want(Kind.MOVE, ITEM, 7, to="vault")
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    browser = Client()
    browser.force_login(User.objects.create_superuser("staff", password="a long password"))
    return browser


@pytest.fixture
def membership():
    return guardian("Ilva", 42, "46", "Ilva of the account", "900")


def guardian(name, code, membership_id, account_name, account_id):
    user = User.objects.create(username=account_id)
    account = BungieAccount.objects.create(user=user, membership_id=account_id, display_name=account_name)
    return Membership.objects.create(
        account=account, membership_type=3, membership_id=membership_id, display_name=name, code=code
    )


def job(membership, number=1, wants=(WISH,), **values):
    values = {"action": Action.MOVE, "status": Status.FAILED, "message": "Bungie refused it.", **values}
    kept = [want.kept for want in wants]
    transfer = Transfer.objects.create(membership=membership, wants=kept, key=str(number), **values)
    step(transfer, status=StepStatus.FAILED, code=1642, said="There are no item slots available.")
    return transfer


def step(transfer, number=1, **values):
    values = {"kind": StepKind.TO_VAULT, "why": Why.WANTED, "item_id": ITEM, "item_hash": 7, **values}
    return Step.objects.create(transfer=transfer, number=number, want=0, character_id="23", **values)


def page_of(transfer):
    return f"{LIST}{transfer.pk}/change/"


def shown(staff, words, **filters):
    """Addresses of the jobs in the list."""
    page = staff.get(LIST, {"q": words, **filters}).content.decode()
    return set(re.findall(rf"{LIST}\d+/change/", page))


def test_a_job_is_shown_with_its_steps_and_bungies_words(staff, membership):
    page = staff.get(page_of(job(membership))).content.decode()
    assert "There are no item slots available." in page
    assert "1642 DestinyNoRoomInDestination" in page
    assert "Bungie refused it." in page
    assert ITEM in page


def test_a_job_is_shown_with_its_wishes_and_why_one_cannot_be_met(staff, membership):
    wants = [WISH, Want(Kind.MOVE, REFUSED, 8, source="23", to="vault")]
    refusals = [{"want": 1, "code": "no_room", "message": "The vault is <full>."}]
    page = staff.get(page_of(job(membership, wants=wants, refusals=refusals))).content.decode()
    assert REFUSED in page
    assert "The vault is &lt;full&gt;." in page


def test_items_that_are_equipped_together_are_shown_each_with_bungies_answer(staff, membership):
    transfer = job(membership, wants=[Want(Kind.EQUIP, WORN, 7, to="23"), Want(Kind.EQUIP, NOT_WORN, 8, to="23")])
    outcomes = {WORN: 1, NOT_WORN: 1641}
    step(transfer, 2, kind=StepKind.EQUIP_MANY, item_id=None, item_ids=[WORN, NOT_WORN], outcomes=outcomes)
    steps = staff.get(page_of(transfer)).content.decode().partition('id="wishes"')[0]
    assert re.search(rf"{WORN}\D+1 Success", steps)
    assert re.search(rf"{NOT_WORN}\D+1641 DestinyItemUniqueEquipRestricted", steps)


def test_every_step_of_a_large_job_can_be_reached(staff, membership):
    transfer = job(membership)
    steps = [
        Step(transfer=transfer, number=number, want=0, kind=StepKind.TO_VAULT, why=Why.WANTED, item_id=number,
             item_hash=7, character_id="23", said=f"words of step {number}.")
        for number in range(2, 1_001)
    ]  # fmt: skip
    Step.objects.bulk_create(steps)
    address, seen = page_of(transfer), set()
    while address:
        page = staff.get(address).content.decode()
        seen |= set(re.findall(r"words of step (\d+)", page))
        forward = re.search(r'href="(\?steps=\d+)[^"]*">Next', page)
        address = forward and page_of(transfer) + forward[1]
    assert seen == {str(number) for number in range(2, 1_001)}


def test_every_wish_of_a_large_job_can_be_reached_those_that_cannot_be_met_first(staff, membership):
    wants = [Want(Kind.MOVE, f"wish-{number}.", 7, to="vault") for number in range(300)]
    transfer = job(membership, wants=wants, refusals=[{"want": 299, "code": "gone", "message": "It is gone."}])
    first, *others = (staff.get(page_of(transfer), {"wishes": page}).content.decode() for page in (1, 2, 3))
    assert "wish-299." in first
    assert set(re.findall(r"wish-(\d+)\.", first + "".join(others))) == {str(number) for number in range(300)}


def test_a_job_leads_to_the_account_and_to_the_jobs_that_undo_and_retry_it(staff, membership):
    transfer = job(membership)
    undo, retry = job(membership, 2, undoes=transfer), job(membership, 3, retries=transfer)
    page = staff.get(page_of(transfer)).content.decode()
    assert f"/admin/accounts/bungieaccount/{membership.account_id}/change/" in page
    assert page_of(undo) in page
    assert page_of(retry) in page
    assert page_of(transfer) in staff.get(page_of(undo)).content.decode()


@pytest.mark.parametrize("address", ["add/", "{}/change/", "{}/delete/"])
def test_nothing_is_added_changed_or_deleted(staff, membership, address):
    transfer = job(membership)
    before = list(Transfer.objects.values()), list(Step.objects.values())
    answer = staff.post(LIST + address.format(transfer.pk), {"status": "done", "message": "", "post": "yes"})
    assert answer.status_code == 403
    assert (list(Transfer.objects.values()), list(Step.objects.values())) == before


def test_no_action_of_the_list_deletes_anything(staff, membership):
    transfer = job(membership)
    staff.post(LIST, {"action": "delete_selected", "_selected_action": transfer.pk, "post": "yes"})
    assert Transfer.objects.filter(pk=transfer.pk).exists()


def test_no_page_offers_a_change(staff, membership):
    transfer = job(membership)
    for address in (LIST, page_of(transfer)):
        page = staff.get(address).content.decode()
        assert not re.search(r'name="(_save|_continue|_addanother|_selected_action|status|message)"', page)
        assert "/delete/" not in page
        assert f"{LIST}add/" not in page


@pytest.mark.parametrize(
    "words", ["Ilva", "ilv", "Ilva#0042", "Ilva#42", "46", "of the account", "900", ITEM, f" {ITEM} ", "job's number"]
)
def test_jobs_are_found_by_player_account_item_and_number(staff, membership, words):
    other = guardian("Oryx", 42, "47", "Another", "901")
    stranger = job(other, 2, wants=[Want(Kind.MOVE, REFUSED, 7, to="vault")])
    stranger.steps.all().delete()
    transfer = job(membership)
    words = str(transfer.pk) if words == "job's number" else words
    assert shown(staff, words) == {page_of(transfer)}


@pytest.mark.parametrize("words", ["Ilva#0043", "6917529000000000009", "nobody", "9" * 19, "9" * 40, "4%", "²"])
def test_nothing_is_found_by_what_fits_no_job(staff, membership, words):
    job(membership)
    assert shown(staff, words) == set()


def test_jobs_are_found_by_an_item_whatever_became_of_it(staff, membership):
    wants = [WISH, Want(Kind.MOVE, REFUSED, 7, to="vault")]
    transfer = job(membership, wants=[*wants, Want(Kind.EQUIP, WORN, 7, to="23")])
    step(transfer, 2, why=Why.ROOM, item_id=ASIDE)
    step(transfer, 3, kind=StepKind.EQUIP_MANY, item_id=None, item_ids=[WORN])
    for item in (ITEM, REFUSED, ASIDE, WORN):
        assert shown(staff, item) == {page_of(transfer)}


def test_a_search_and_a_filter_work_together(staff, membership):
    transfer = job(membership)
    assert shown(staff, ITEM, status="failed") == {page_of(transfer)}
    assert shown(staff, ITEM, status="done") == set()


@pytest.mark.parametrize("filters", [{"status": "failed"}, {"action": "move"}, {"waits_for": ""}])
def test_jobs_are_filtered(staff, membership, filters):
    transfer = job(membership)
    job(membership, 2, status=Status.DONE, action=Action.EQUIP, waits_for="silent")
    assert shown(staff, "", **filters) == {page_of(transfer)}


def test_items_are_found_by_indexes(membership):
    """Enough rows of one job each that reading all of them would be dearer."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, [membership.pk])
        cursor.execute("ANALYZE inventory_transfer, inventory_step")
    with CaptureQueriesContext(connection) as asked:
        assert len(about_item("700")) == 1
        assert len(about_item("aside-700")) == 1
    plans = "\n".join(explained(query["sql"]) for query in asked)
    assert "wanted_items" in plans
    assert "steps_of_an_item" in plans
    assert "Seq Scan" not in plans


MANY = """
WITH jobs AS (
    INSERT INTO inventory_transfer (membership_id, action, wants, move_others, refusals, key, status, waits_for,
                                    message, worker, takeovers, created_at)
    SELECT %s, 'move', jsonb_build_array(jsonb_build_object('item_id', n::text)), true, '[]', n, 'done', '',
           repeat('x', 800), '', 0, now()
    FROM generate_series(1, 3000) n RETURNING id, key
)
INSERT INTO inventory_step (transfer_id, number, want, kind, why, item_id, item_ids, item_hash, quantity, character_id,
                            bucket_hash, max_stack, account_wide, status, said, message, outcomes, found)
SELECT id, 1, 0, 'to_vault', 'room', 'aside-' || key, '{}', 7, 1, '23', 0, 1, false, 'done', '', '', '{}', '{}'
FROM jobs
"""


def explained(query):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_list_reads_no_wishes_and_no_accounts(staff, membership):
    job(membership)
    with CaptureQueriesContext(connection) as asked:
        staff.get(LIST)
    rows = [each["sql"] for each in asked if "inventory_transfer" in each["sql"] and "message" in each["sql"]]
    assert rows
    assert not any('"wants"' in sql or '"refusals"' in sql for sql in rows)
    assert not any("token" in each["sql"] for each in asked)


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(staff, membership):
    job(membership)
    one = queries(staff, LIST)
    for number in range(2, 50):
        job(membership, number)
    assert queries(staff, LIST) == one


def test_a_job_takes_as_many_queries_for_fifty_steps_as_for_one(staff, membership):
    transfer = job(membership)
    one = queries(staff, page_of(transfer))
    for number in range(2, 50):
        step(transfer, number)
    assert queries(staff, page_of(transfer)) == one


def queries(staff, address):
    """Of the second time: what a process asks once and for all is not counted."""
    staff.get(address)
    with CaptureQueriesContext(connection) as asked:
        staff.get(address)
    return len(asked)


def test_people_who_are_not_staff_see_nothing_of_it(membership):
    browser = Client()
    browser.force_login(membership.account.user)
    assert browser.get(LIST).status_code == 302
    assert browser.get(page_of(job(membership))).status_code == 302


def test_staff_need_no_more_than_the_permission_to_view(membership):
    viewer = User.objects.create_user("viewer", is_staff=True)
    browser, transfer = Client(), job(membership)
    browser.force_login(viewer)
    assert browser.get(page_of(transfer)).status_code == 403
    viewer.user_permissions.add(Permission.objects.get(codename="view_transfer"))
    assert "There are no item slots available." in browser.get(page_of(transfer)).content.decode()
