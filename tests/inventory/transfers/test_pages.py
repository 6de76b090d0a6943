"""The form, the jobs and a job's page: what people see and press of transfers."""

from html import unescape

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Step, Transfer
from tests.inventory.guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site):
    return site.browser(OWNER)


@pytest.fixture
def stranger(site):
    return site.browser(COLLECTOR)


def held(site, *, in_vault=True, guardian=OWNER):
    owned = site.account(guardian).owned
    weapons = [each for each in owned.items if each.instance_id and each.home in facts.WEAPON_BUCKETS]
    return next(each.instance_id for each in weapons if bool(each.owner) != in_vault and not each.equipped)


def character(site, guardian=OWNER):
    return next(each.owner for each in site.account(guardian).owned.items if each.owner)


def ask(browser, **form):
    return browser.post("/transfers/", form)


def test_a_move_becomes_a_job_with_a_page_of_its_own(site, owner):
    response = ask(owner, action="move", items=held(site), to=character(site), key="click")
    job = Transfer.objects.get()
    assert response.url == f"/transfers/{job.pk}/"
    page = owner.get(response.url)
    assert page.status_code == 200
    assert "Queued" in page.text
    assert "the vault →" in page.text
    assert Step.objects.get().transfer == job


def test_the_same_click_twice_is_one_job(site, owner):
    form = {"action": "move", "items": held(site), "to": character(site), "key": "click"}
    first, second = ask(owner, **form), ask(owner, **form)
    assert first.url == second.url
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "on"}])
def test_the_same_click_is_one_job_also_when_it_is_done(mover, confirmed):
    """What it has moved is there already, and what was lost is not at the postmaster any more."""
    weapon, one = mover.item(place="vault", home=facts.KINETIC), mover.characters[0]
    lost = next(each["owner"] for each in mover.items(place="postmaster"))
    forms = [
        {"action": "move", "items": weapon["instance_id"], "to": one, "key": "click"},
        {"action": "collect", "to": lost, "key": "click"},
    ]
    for form in forms:
        first = ask(mover.browser, **form, confirmed="on")
        assert mover.until_it_ends(Transfer.objects.first()).status == "done"
        again = ask(mover.browser, **form, **confirmed)
        assert (again.status_code, again.headers.get("Location")) == (302, first.url)
    assert Transfer.objects.count() == 2


def test_a_strangers_job_is_as_unknown_as_none(site, owner, stranger):
    ask(owner, action="move", items=held(site), to=character(site))
    job = Transfer.objects.get()
    for response in (
        stranger.get(f"/transfers/{job.pk}/"),
        *(stranger.post(f"/transfers/{job.pk}/{do}/") for do in ("cancel", "retry", "undo")),
        stranger.get("/transfers/99999999999999999999/"),
    ):
        assert response.status_code == 404
    assert "Move" not in stranger.get("/transfers/").text.split("<main")[1].split("jobs")[-1]


@pytest.mark.parametrize("button", ["retry", "undo"])
@pytest.mark.parametrize("form", [{}, {"confirmed": "on"}])
def test_a_job_of_another_platform_is_not_followed_with_what_lies_on_this_one(site, owner, button, form):
    """By its hash a stack of the other account would be moved."""
    ask(owner, action="move", items=held(site), to=character(site))
    job = Transfer.objects.get()
    other = job.membership
    other.pk, other.chosen, other.membership_id, other.membership_type = None, False, "4611686018400009999", 1
    other.save()
    Step.objects.update(status="done")
    Transfer.objects.update(membership=other, status="failed")
    response = owner.post(f"/transfers/{job.pk}/{button}/", form)
    assert response.status_code == 409
    assert f"This job is of {other}" in unescape(response.text)
    assert Transfer.objects.get() == job
