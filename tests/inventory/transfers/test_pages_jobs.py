"""The list of jobs, a job's page and the line at the bottom of every page, as rows tell them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from destinyvault.sandbox import facts
from inventory.transfers.models import Action, Status, Step, StepStatus, Transfer, WaitsFor
from inventory.transfers.steps import StepKind, Why
from inventory.transfers.wants import Kind, Want
from manifest import lookup
from tests.inventory.guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site):
    return site.browser(OWNER)


@pytest.fixture
def weapons(site):
    owned = site.account(OWNER).owned
    return [each for each in owned.items if each.instance_id and each.home in facts.WEAPON_BUCKETS and each.kind]


@pytest.fixture
def job(site, owner, weapons):
    """job(2, status=...) is one about two weapons that go into the vault."""
    membership = Membership.objects.get(account__membership_id=OWNER)
    character = site.account(OWNER).owned.characters[0].id

    def job(count=1, step=None, **more):
        wants = [Want(Kind.MOVE, each.instance_id, each.hash, to="vault").kept for each in weapons[:count]]
        row = Transfer.objects.create(
            **{
                "membership": membership,
                "action": Action.MOVE,
                "wants": wants,
                "key": timezone.now().isoformat(),
                **more,
            }
        )
        for number, each in enumerate(weapons[:count]):
            told = {"kind": StepKind.TO_VAULT, "why": Why.WANTED, "character_id": character, **(step or {})}
            Step.objects.create(
                transfer=row, number=number + 1, want=number, item_id=each.instance_id, item_hash=each.hash, **told
            )
        return row

    return job


def name(item):
    return lookup.items(lookup.live("en"), [item.hash])[item.hash].name


def main(response):
    assert response.status_code == 200
    return response.text.split("<main")[1].split("<footer")[0]


def test_a_step_tells_its_time_and_bungies_words(owner, job):
    sent = timezone.now()
    told = {"status": StepStatus.FAILED, "code": 1642, "said": "There is no <room>.", "message": "The vault is full."}
    row = job(status=Status.FAILED, finished_at=sent, step=told | {"sent_at": sent, "finished_at": sent})
    page = main(owner.get(f"/transfers/{row.pk}/"))
    assert "There is no &lt;room&gt;." in page
    assert "(1642)" in page
    assert "The vault is full." in page
    assert f"{sent:%H:%M:%S}" in page
    assert "Try again" in page


@pytest.fixture
def stumbled(job):
    """stumbled(status, ...) is a job whose first call Bungie refused, and then came the steps with these statuses."""

    def stumbled(status, *then, **more):
        row = job(status=status, step={"status": StepStatus.FAILED, "message": "The vault is full."}, **more)
        first = row.steps.get()
        for number, each in enumerate(then, 2):
            Step.objects.create(
                transfer=row,
                number=number,
                want=0,
                item_id=first.item_id,
                item_hash=first.item_hash,
                kind=first.kind,
                why=first.why,
                character_id=first.character_id,
                status=each,
            )
        return row

    return stumbled


def asked_for(owner, row):
    """What a job's page says of its wishes, without its steps."""
    return main(owner.get(f"/transfers/{row.pk}/")).split("What was asked for")[1].split("<h2>Steps")[0]


def test_a_wish_that_was_met_at_the_second_try_is_told_as_done(owner, stumbled):
    told = asked_for(owner, stumbled(Status.DONE, StepStatus.DONE, finished_at=timezone.now()))
    assert "<small>done · now carried by your" in told or "<small>done · now equipped by your" in told
    assert "The vault is full." not in told


def test_a_wish_that_is_tried_again_is_still_to_be_done(owner, stumbled):
    assert "<small>to be done" in asked_for(owner, stumbled(Status.RUNNING, StepStatus.WAITING))
    assert "<small>to be done" in asked_for(owner, stumbled(Status.RUNNING))


def test_a_wish_that_was_refused_is_not_done_and_says_why(owner, stumbled):
    refused = [{"want": 0, "code": "no_room", "message": "There is no room for it."}]
    told = asked_for(owner, stumbled(Status.FAILED, finished_at=timezone.now(), refusals=refused))
    assert "<small>not done" in told
    assert "There is no room for it." in told


def test_a_cancelled_wish_whose_call_was_refused_is_not_done_and_says_why(owner, stumbled):
    told = asked_for(owner, stumbled(Status.CANCELLED, finished_at=timezone.now()))
    assert "<small>not done" in told
    assert "The vault is full." in told


def test_a_wish_that_was_cancelled_before_its_step_is_not_told_as_done(owner, job):
    row = job(status=Status.CANCELLED, finished_at=timezone.now(), step={"status": StepStatus.SKIPPED})
    assert "<small>not done" in asked_for(owner, row)


def test_each_of_the_items_that_are_equipped_together_is_told_for_itself(owner, job, weapons):
    ids = [each.instance_id for each in weapons[:2]]
    row = job(2, status=Status.CANCELLED, finished_at=timezone.now(), step={"status": StepStatus.SKIPPED})
    row.steps.get(number=2).delete()
    row.steps.update(kind=StepKind.EQUIP_MANY, item_ids=ids)
    assert asked_for(owner, row).count("<small>not done") == 2


def test_what_failed_is_tried_again_as_a_job_of_its_own(owner, job):
    row = job(status=Status.FAILED, finished_at=timezone.now(), step={"status": StepStatus.FAILED})
    confirmed = {"key": "click", "confirmed": "on"}
    again = owner.post(f"/transfers/{row.pk}/retry/", confirmed)
    assert owner.post(f"/transfers/{row.pk}/retry/", confirmed).url == again.url
    assert f"/transfers/{Transfer.objects.get(retries=row).pk}/" == again.url


def test_another_try_shows_its_plan_before_anything_moves(owner, job):
    row = job(2, status=Status.CANCELLED, finished_at=timezone.now(), step={"status": StepStatus.SKIPPED})
    plan = main(owner.post(f"/transfers/{row.pk}/retry/"))
    assert "Before anything moves" in plan
    assert plan.split("What is moved as asked for")[1].split("</ul>")[0].count("the vault</small>") == 2
    assert f'action="/transfers/{row.pk}/retry/"' in plan
    assert not Transfer.objects.filter(retries=row).exists()


def test_a_way_back_from_the_sign_in_to_a_button_leads_to_the_inventory(owner, job):
    row = job()
    assert owner.get(f"/transfers/{row.pk}/cancel/").url == "/inventory/"
    assert Transfer.objects.get().cancel_asked_at is None


def test_who_has_no_destiny_account_learns_how_to_come_by_one(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("staff"))
    page = main(client.get("/transfers/"))
    assert "There is no Destiny account here yet" in page
    assert "with a password of this site" in page
    assert "Bungie knows no Destiny 2 account" not in page
    assert client.post("/transfers/", {"action": "move"}).url == "/inventory/"
    assert client.get("/transfers/progress/").status_code == 204


def test_a_job_tells_what_it_waits_for_and_how_to_help(owner, job):
    row = job(status=Status.PARKED, waits_for=WaitsFor.SIGN_IN)
    for page in (owner.get(f"/transfers/{row.pk}/").text, owner.get("/transfers/progress/").text):
        assert "you to sign in again" in page
        assert f"/accounts/bungie/login/?next=/transfers/{row.pk}/" in page


@pytest.mark.parametrize("waits_for", WaitsFor)
def test_what_waits_is_tried_now_where_that_can_help(owner, job, waits_for):
    row = job(status=Status.PARKED, waits_for=waits_for)
    can_help = waits_for not in (WaitsFor.SIGN_IN, WaitsFor.THROTTLED)
    assert ("Try now" in main(owner.get(f"/transfers/{row.pk}/"))) == can_help
    owner.post(f"/transfers/{row.pk}/retry/")
    row.refresh_from_db()
    assert bool(row.not_before) == can_help


def test_no_word_is_said_twice_of_how_a_job_stands(owner, job):
    now = timezone.now()
    ended = job(status=Status.CANCELLED, finished_at=now, message="Cancelled. Night Watch is in the vault.")
    waits = job(
        status=Status.PARKED, waits_for=WaitsFor.MAINTENANCE, message="Waiting for Bungie's maintenance to end."
    )
    pages = [main(owner.get(path)) for path in (f"/transfers/{ended.pk}/", "/transfers/", f"/transfers/{waits.pk}/")]
    assert "<b>Cancelled</b>. <bdi>Night Watch is in the vault." in pages[0].replace("\n", "")
    assert "· <bdi>Night Watch is in the vault." in pages[1]
    assert "Cancelled:</b> " in owner.get("/transfers/progress/").text
    assert "Cancelled. Night" not in owner.get("/transfers/progress/").text
    assert pages[2].count("maintenance") == 1


def test_steps_are_told_in_the_order_of_their_time(owner, job, weapons):
    row = job(3, status=Status.RUNNING)
    for number, seconds in ((2, 9), (3, 3)):
        sent = timezone.now() - timedelta(seconds=seconds)
        row.steps.filter(number=number).update(sent_at=sent, finished_at=sent, status=StepStatus.DONE)
    steps = main(owner.get(f"/transfers/{row.pk}/")).split("<h2>Steps")[1]
    places = [steps.index(f"<bdi>{name(each)}</bdi>") for each in weapons[:3]]
    assert places[1] < places[2] < places[0]


def test_a_lock_that_is_put_right_is_told_without_a_riddle(owner, job):
    row = job(status=Status.DONE, finished_at=timezone.now(), step={"kind": StepKind.UNLOCK, "why": Why.SAME_LOCK})
    steps = main(owner.get(f"/transfers/{row.pk}/")).split("<h2>Steps")[1]
    assert "<small>make sure that it is not locked, as before the move</small>" in steps


def test_of_a_stack_that_came_in_part_the_pieces_are_told(owner, site, job):
    stack = next(each for each in site.account(OWNER).owned.items if each.instance_id is None and each.kind)
    refused = [{"want": 0, "code": "unique_stack", "message": "Your stack is full."}]
    want = Want(Kind.PULL, None, stack.hash, 21, source="1", moved=14)
    row = job(status=Status.FAILED, finished_at=timezone.now(), refusals=refused)
    Transfer.objects.filter(pk=row.pk).update(wants=[want.kept])
    assert "<small>14 of 21 done" in asked_for(owner, row)


def test_jobs_are_listed_newest_first_and_by_what_they_are(owner, job, weapons):
    first = job(status=Status.DONE, finished_at=timezone.now())
    second = job(2, status=Status.FAILED, action=Action.LOCK, finished_at=timezone.now())
    links = [f'/transfers/{row.pk}/"' for row in (second, first)]

    def shown(query=""):
        page = main(owner.get(f"/transfers/{query}"))
        return [link for link in links if link in page]

    page = main(owner.get("/transfers/"))
    assert page.index(links[0]) < page.index(links[1])
    assert shown("?status=failed") == [links[0]]
    assert shown("?action=move") == [links[1]]
    assert shown(f"?item={name(weapons[1]).upper()}")[0] == links[0]
    assert shown("?item=no+such+thing") == []
    assert "No transfer fits what is chosen above." in main(owner.get("/transfers/?item=no+such+thing"))


def refusals(count):
    return [{"want": number, "code": "no_room", "message": "There is no room for it."} for number in range(count)]


def test_a_job_that_is_done_but_for_some_wishes_says_so_and_is_found_by_it(owner, job):
    whole = job(3, status=Status.DONE, finished_at=timezone.now())
    partly = job(3, status=Status.DONE, finished_at=timezone.now(), refusals=refusals(2))
    failed = job(1, status=Status.FAILED, finished_at=timezone.now(), refusals=refusals(1))
    assert "<b>Done, 2 not possible</b>" in main(owner.get(f"/transfers/{partly.pk}/"))
    assert "not possible" not in main(owner.get(f"/transfers/{whole.pk}/"))
    assert main(owner.get("/transfers/")).count("Done, 2 not possible") == 1

    def shown(query):
        page = main(owner.get(f"/transfers/{query}"))
        return [row for row in (whole, partly, failed) if f'/transfers/{row.pk}/"' in page]

    assert shown("?refused=yes") == [partly, failed]
    assert shown("?refused=yes&status=done") == [partly]
    assert owner.get("/transfers/?refused=perhaps").status_code == 400


def test_what_a_running_job_cannot_do_is_found_as_soon_as_it_is_written_down(owner, job):
    row = job(2, status=Status.RUNNING)
    Transfer.objects.filter(pk=row.pk).update(refusals=refusals(1))
    page = main(owner.get("/transfers/?refused=yes"))
    assert f'/transfers/{row.pk}/"' in page
    assert "Running, 1 not possible" in page


def test_jobs_with_refusals_are_found_by_an_index_among_many_others(owner, job):
    row = job()
    Transfer.objects.bulk_create(
        Transfer(membership=row.membership, action="move", wants=[], key=str(number), status="done")
        for number in range(5000)
    )
    job(refusals=refusals(1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_transfer")
    found = Transfer.objects.for_user(row.membership.account.user).filter(refused__gt=0)[:20]
    assert "transfers_with_refusals" in found.explain()


def test_who_moved_nothing_yet_learns_how(owner):
    assert "Nothing was moved yet." in main(owner.get("/transfers/"))


def test_a_job_of_five_hundred_steps_is_told_in_pages(owner, job, weapons, site):
    row = job(1)
    Transfer.objects.update(wants=row.wants * 500)
    Step.objects.bulk_create(
        Step(
            transfer=row, number=number, want=0, kind=StepKind.LOCK, why=Why.SAME_LOCK, item_hash=weapons[0].hash,
            character_id=site.account(OWNER).owned.characters[0].id,
        )
        for number in range(2, 501)
    )  # fmt: skip
    page = main(owner.get(f"/transfers/{row.pk}/"))
    assert page.count('class="step ') == 50
    assert "Page 1 of 10" in page
    assert "All 500 items" in page
    assert main(owner.get(f"/transfers/{row.pk}/?page=10")).count('class="step ') == 50


def test_the_list_takes_as_many_queries_for_twenty_jobs_as_for_one(owner, job):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert owner.get("/transfers/").status_code == 200
        return len(captured)

    job()
    owner.get("/transfers/")
    few = queries()
    for count in range(1, 20):
        job(count)
    owner.get("/transfers/")
    assert queries() == few <= 10


def test_while_nothing_goes_on_a_page_asks_with_one_query_beside_the_session(owner, job):
    job(status=Status.DONE, finished_at=timezone.now() - timedelta(minutes=5))
    with CaptureQueriesContext(connection) as captured:
        assert owner.get("/transfers/progress/").status_code == 204
    assert len([each for each in captured if "transfer" in each["sql"]]) == 1
    assert len(captured) <= 3


def test_the_line_tells_the_step_at_hand_and_how_far_it_is(owner, job, weapons):
    row = job(3, status=Status.RUNNING)
    row.steps.filter(number=1).update(status=StepStatus.DONE)
    row.steps.filter(number=2).update(status=StepStatus.RUNNING)
    line = owner.get("/transfers/progress/").text
    assert "1 of 3" in line
    assert f"{name(weapons[1])}: " in line
    assert "Move 3 items to the vault" in line
    assert f"/transfers/{row.pk}/cancel/" in line
    assert f"{weapons[2].instance_id}:vault" in line


def test_other_jobs_are_counted_behind_the_one_at_work(owner, job):
    job(status=Status.QUEUED)
    at_work = job(2, status=Status.RUNNING)
    line = owner.get("/transfers/progress/").text
    assert f'data-job="{at_work.pk}"' in line
    assert line.count("data-job=") == 1
    assert "1 more waits" in line


def test_of_the_jobs_that_wait_the_line_reads_no_wishes(owner, job):
    at_work = job(2, status=Status.RUNNING)
    for _ in range(5):
        job(3)
    with CaptureQueriesContext(connection) as captured:
        line = owner.get("/transfers/progress/").text
    assert "5 more wait" in line
    reads = [each["sql"] for each in captured if '"wants"' in each["sql"] or '"refusals"' in each["sql"]]
    assert reads
    assert all(f'"inventory_transfer"."id" = {at_work.pk}' in each for each in reads)


def test_what_just_ended_is_told_for_some_seconds_with_its_undo(owner, job):
    row = job(status=Status.DONE, finished_at=timezone.now(), step={"status": StepStatus.DONE})
    line = owner.get("/transfers/progress/").text
    assert "Done:" in line
    assert f"/transfers/{row.pk}/undo/" in line
    Transfer.objects.update(finished_at=timezone.now() - timedelta(seconds=20))
    assert owner.get("/transfers/progress/").status_code == 204


def test_what_has_no_way_back_offers_no_undo(owner, job):
    """Out of the postmaster there is none, nor for what moved aside, nor from a call that changed nothing."""
    done = {"status": StepStatus.DONE}
    for step in (done | {"kind": StepKind.PULL}, done | {"why": Why.ROOM}, {"status": StepStatus.FAILED}):
        row = job(status=Status.DONE, finished_at=timezone.now(), step=step)
        assert f"/transfers/{row.pk}/undo/" not in owner.get("/transfers/progress/").text
        assert f"/transfers/{row.pk}/undo/" not in main(owner.get(f"/transfers/{row.pk}/"))


def test_what_came_out_of_the_postmaster_and_went_on_offers_no_undo_either(mover):
    one, other = mover.characters[:2]
    (lost,) = mover.play("add", bucket=facts.KINETIC, to="postmaster", character=one)
    mover.know()
    row = mover.move(lost, other)
    assert row.status == Status.DONE
    for page in ("/transfers/progress/", f"/transfers/{row.pk}/"):
        assert f"/transfers/{row.pk}/undo/" not in mover.browser.get(page).text


def test_a_failure_is_told_for_longer_and_nobody_elses_is_told(site, owner, job):
    job(status=Status.FAILED, message="The vault is full.", finished_at=timezone.now() - timedelta(seconds=20))
    assert "The vault is full." in owner.get("/transfers/progress/").text
    assert site.browser(COLLECTOR).get("/transfers/progress/").status_code == 204
