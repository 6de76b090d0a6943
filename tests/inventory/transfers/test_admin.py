"""Staff see all jobs with their steps in the admin, and can change nothing there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import BungieAccount, Membership, User
from inventory.models import Step, Transfer
from inventory.transfers.models import Action, Status, StepStatus
from inventory.transfers.steps import StepKind, Why
from inventory.transfers.wants import Kind, Want

LIST = "/admin/inventory/transfer/"
ITEM = "6917529000000000001"
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    browser = Client()
    browser.force_login(User.objects.create_superuser("staff", password="a long password"))
    return browser


@pytest.fixture
def membership():
    account = BungieAccount.objects.create(user=User.objects.create(username="1"), membership_id="1")
    return Membership.objects.create(account=account, membership_type=3, membership_id="46", display_name="Ilva")


def job(membership, number=1):
    transfer = Transfer.objects.create(
        membership=membership,
        action=Action.MOVE,
        wants=[Want(Kind.MOVE, ITEM, 7, to="vault").kept],
        key=str(number),
        status=Status.FAILED,
        message="Bungie refused it.",
    )
    Step.objects.create(
        transfer=transfer, number=1, want=0, kind=StepKind.TO_VAULT, why=Why.WANTED, item_id=ITEM, item_hash=7,
        character_id="23", status=StepStatus.FAILED, code=1642, said="There are no item slots available.",
    )  # fmt: skip
    return transfer


def test_a_job_is_shown_with_its_steps_and_bungies_words(staff, membership):
    page = staff.get(f"{LIST}{job(membership).pk}/change/").content.decode()
    assert "There are no item slots available." in page
    assert "Bungie refused it." in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("address", ["add/", "{}/delete/"])
def test_nothing_is_added_or_deleted(staff, membership, address):
    transfer = job(membership)
    assert staff.get(LIST + address.format(transfer.pk)).status_code == 403
    assert staff.post(f"{LIST}{transfer.pk}/change/", {"status": "done"}).status_code == 403
    transfer.refresh_from_db()
    assert transfer.status == Status.FAILED


@pytest.mark.parametrize(
    ("words", "found"), [("Ilva", True), (ITEM, True), ("6917529000000000002", False), ("nobody", False)]
)
def test_jobs_are_found_by_player_and_by_item(staff, membership, words, found):
    transfer = job(membership)
    page = staff.get(LIST, {"q": words}).content.decode()
    assert (f"{LIST}{transfer.pk}/change/" in page) is found


@pytest.mark.parametrize("filters", [{"status": "failed"}, {"action": "move"}, {"waits_for": ""}])
def test_jobs_are_filtered(staff, membership, filters):
    transfer = job(membership)
    assert f"{LIST}{transfer.pk}/change/" in staff.get(LIST, filters).content.decode()


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(staff, membership):
    job(membership)
    with CaptureQueriesContext(connection) as one:
        staff.get(LIST)
    for number in range(2, 50):
        job(membership, number)
    with CaptureQueriesContext(connection) as many:
        staff.get(LIST)
    assert len(many) == len(one)


def test_people_who_are_not_staff_see_nothing_of_it(membership):
    browser = Client()
    browser.force_login(membership.account.user)
    assert browser.get(LIST).status_code == 302
