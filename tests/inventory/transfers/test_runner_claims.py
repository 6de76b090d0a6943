"""One worker for an account at a time, and a worker that has lost its job writes nothing more."""

import itertools
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from accounts import memberships
from accounts.deletion import delete_everything
from accounts.models import BungieAccount, Membership, User
from destinyvault.models import BungieTurn
from destinyvault.sandbox import facts
from inventory.transfers import claims, pruning, runner
from inventory.transfers.models import Action, Status, StepStatus, Transfer, WaitsFor
from inventory.transfers.pruning import forget_old
from inventory.transfers.queueing import NoWay
from inventory.transfers.settling import QUIET
from inventory.transfers.sweeping import sweep
from inventory.turns import JOB, alone
from tests.inventory.guardians import COLLECTOR, TWO_PLATFORMS
from tests.manifest.standstill import PATIENCE_SECONDS, Beside, until, wait_for_a_row

from .mover import Mover

pytestmark = pytest.mark.django_db


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(deed): what happens while a call is on its way to Bungie, or just before it."""

    def meanwhile(deed, before=False):
        send = runner.do.__globals__["send"]

        def sent(*args):
            if before:
                deed()
            answer = send(*args)
            if not before:
                deed()
            return answer

        monkeypatch.setitem(runner.do.__globals__, "send", sent)

    return meanwhile


def tasks():
    return OrmQ.objects.count()


def test_job_that_another_worker_has_taken_over_is_left_to_it(mover, queued, meanwhile):
    meanwhile(lambda: Transfer.objects.update(worker="another"))
    transfer = mover.run(queued)
    assert (transfer.status, transfer.worker) == (Status.RUNNING, "another")
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.RUNNING]


def test_worker_that_has_lost_its_job_before_a_call_does_not_send_it(mover, queued, meanwhile):
    meanwhile(lambda: Transfer.objects.update(worker="another"), before=True)
    mover.run(queued)
    assert mover.calls() == []


def test_person_who_deletes_everything_in_mid_job_leaves_no_row(mover, queued, meanwhile):
    meanwhile(lambda: delete_everything(mover.membership.account.user))
    runner.run(queued.pk)
    assert not Transfer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deletion_waits_for_the_worker_that_writes_an_outcome(mover, queued):
    claim = claims.take(mover.membership.account)
    with claim.writing():
        deletion = Beside(delete_everything, mover.membership.account.user)
        until(wait_for_a_row)
        queued.steps.update(status=StepStatus.DONE)
    deletion.join()
    assert not Transfer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_while_everything_is_deleted_is_told_so(mover, weapon):
    """The deletion has all rows but one in hand; a job queued now would hang on what is gone in a moment."""
    ahead = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    with transaction.atomic():
        Transfer.objects.select_for_update().get(pk=ahead.pk)
        deletion = Beside(delete_everything, mover.membership.account.user)
        until(wait_for_a_row)
        order = Beside(mover.move, weapon, mover.characters[0], run=False)
        until(lambda: wait_for_a_row() == 2)
    deletion.join()
    with pytest.raises(NoWay, match="deleted from this site meanwhile"):
        order.join()
    assert not Transfer.objects.exists()


def test_job_of_a_person_who_has_deleted_everything_does_nothing(mover, queued):
    delete_everything(mover.membership.account.user)
    runner.run(queued.pk)
    assert mover.calls() == []


def test_job_of_somebody_who_was_locked_ends_and_calls_nobody(mover, queued):
    User.objects.update(is_active=False)
    transfer = mover.run(queued)
    assert transfer.status == Status.FAILED
    assert "locked your account" in transfer.message
    assert mover.calls() == []


def test_job_ends_at_the_step_at_which_its_person_is_locked(mover, meanwhile):
    weapons = mover.items(place="vault", home=facts.KINETIC)[:2]
    job = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    meanwhile(lambda: User.objects.update(is_active=False))
    transfer = mover.run(job)
    assert transfer.status == Status.FAILED
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.DONE, StepStatus.SKIPPED]
    assert len(mover.calls()) == 1


@pytest.mark.parametrize("waits_for", [WaitsFor.SIGN_IN, WaitsFor.MAINTENANCE])
def test_signing_in_wakes_what_waits_for_it_alone(mover, queued, waits_for):
    OrmQ.objects.all().delete()
    now = timezone.now()
    later = None if waits_for == WaitsFor.SIGN_IN else now + timedelta(minutes=5)
    parked = {"parked_at": now - timedelta(minutes=2), "beat_at": now - timedelta(minutes=2), "not_before": later}
    Transfer.objects.update(status=Status.PARKED, waits_for=waits_for, **parked)
    mover.site.browser(mover.guardian)
    assert sweep() == (waits_for == WaitsFor.SIGN_IN)


def test_mistake_of_this_site_ends_the_job_and_is_told(mover, queued, meanwhile):
    def mistake():
        raise ZeroDivisionError

    meanwhile(mistake)
    transfer = mover.run(queued)
    assert transfer.status == Status.FAILED
    assert "This site made a mistake" in transfer.message
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.UNKNOWN]


@pytest.mark.parametrize("happened", [False, True], ids=["not-done", "done"])
def test_call_of_a_dead_worker_is_given_its_time_before_anything_else_is_sent(mover, queued, weapon, happened):
    """Even where it shows already: its connection may still be open."""
    if happened:
        mover.play("move", item=weapon["instance_id"], to=mover.characters[0])
    Transfer.objects.update(status=Status.RUNNING, worker="dead", beat_at=timezone.now())
    queued.steps.update(status=StepStatus.RUNNING, sent_at=timezone.now())
    transfer = mover.run(queued)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert timedelta() < transfer.not_before - timezone.now() <= QUIET
    assert mover.steps(transfer)[0].status == StepStatus.UNKNOWN
    other = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    assert mover.run(other).status == Status.QUEUED, "nothing of this account overtakes it"
    assert mover.calls() == []
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.until_it_ends(other).status == Status.DONE
    assert len(mover.calls()) == 1 + (not happened)


def test_k4_who_ends_a_job_hands_out_the_next_one_of_the_account(mover, queued):
    mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    OrmQ.objects.all().delete()
    mover.run(queued)
    assert tasks() == 1


def test_sweep_hands_out_what_a_dead_worker_has_left_and_each_only_once(mover, queued):
    OrmQ.objects.all().delete()
    Transfer.objects.update(status=Status.RUNNING, worker="dead", beat_at=timezone.now() - timedelta(seconds=5))
    assert sweep() == 0, "it may be at a long call"
    Transfer.objects.update(beat_at=timezone.now() - timedelta(seconds=11))
    assert (sweep(), sweep(), tasks()) == (1, 0, 1)
    assert mover.run(queued).status == Status.DONE


def test_sweep_hands_out_a_job_whose_task_is_lost(mover, queued):
    OrmQ.objects.all().delete()
    assert sweep() == 0
    Transfer.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    assert (sweep(), sweep(), tasks()) == (1, 0, 1)


def test_sweep_leaves_alone_what_waits_behind_another_job_of_the_account(mover, queued):
    mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    Transfer.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    Transfer.objects.filter(pk=queued.pk).update(status=Status.RUNNING, beat_at=timezone.now())
    assert sweep() == 0


def test_looking_for_work_does_not_read_what_has_ended(mover, queued, django_assert_max_num_queries):
    mine = {"membership": mover.membership, "action": Action.MOVE, "wants": [], "status": Status.DONE}
    ended = [Transfer(**mine, key=f"{number}", finished_at=timezone.now()) for number in range(3000)]
    Transfer.objects.bulk_create(ended)
    Transfer.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    with django_assert_max_num_queries(30) as asked:
        assert sweep() == 1
        claims.take(mover.membership.account)
        claims.hand_out_next(mover.membership.account)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_transfer")
        looked = [each["sql"] for each in asked if 'FROM "inventory_transfer"' in each["sql"]]
        assert looked
        for sql in looked:
            cursor.execute(f"EXPLAIN {sql}")
            scans = [row[0] for row in cursor if " on inventory_transfer" in row[0]]
            assert scans
            assert all("active_transfers" in scan or "inventory_transfer_pkey" in scan for scan in scans), (sql, scans)


@pytest.fixture
def long(mover, monkeypatch):
    """A job of several steps, whose turn is over at once; nothing is handed out so far."""
    monkeypatch.setattr(runner, "TURN_SECONDS", 0)
    weapons = mover.items(place="vault", home=facts.KINETIC)[:3]
    long = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    OrmQ.objects.all().delete()
    return long


@pytest.fixture
def theirs(mover, long):
    """Two of somebody else, for which no worker was free."""
    other = Mover(mover.site, COLLECTOR)
    weapons = other.items(place="vault", home=facts.KINETIC)[:2]
    theirs = [other.move(each, other.characters[0], run=False) for each in weapons]
    OrmQ.objects.all().delete()
    Transfer.objects.filter(pk__in=[each.pk for each in theirs]).update(
        created_at=timezone.now() - timedelta(seconds=2)
    )
    return theirs


def test_long_job_goes_on_where_nobody_waits(mover, long):
    stale = [OrmQ(key="destinyvault", payload="of a killed cluster", lock=timezone.now()) for _ in range(70)]
    OrmQ.objects.bulk_create(stale)
    mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    Transfer.objects.update(created_at=timezone.now() - timedelta(seconds=2))
    assert mover.run(long).status == Status.DONE, "the person's own next job waits for it anyhow"


@pytest.mark.django_db(transaction=True)
def test_long_job_yields_when_others_wait_and_is_handed_out_once_its_turn_is_free(mover, long, theirs, monkeypatch):
    free = []

    def is_free(*_):
        with alone(JOB, mover.guardian) as mine:
            free.append(mine)

    monkeypatch.setattr(claims, "hand_out", lambda pk: free.append(pk) or beside(is_free))
    assert mover.run(long).status == Status.QUEUED
    assert free == [long.pk, True]


@pytest.mark.parametrize("busy", ["just handed out", "at work", "unsettled"])
def test_long_job_does_not_yield_to_what_no_other_worker_would_take(mover, long, theirs, busy):
    first = Transfer.objects.filter(pk=theirs[0].pk)
    if busy == "just handed out":
        Transfer.objects.exclude(pk=long.pk).update(beat_at=timezone.now())
    elif busy == "at work":
        first.update(status=Status.RUNNING, beat_at=timezone.now())
    else:
        first.update(status=Status.PARKED, waits_for=WaitsFor.ANSWER, parked_at=timezone.now())
        theirs[0].steps.update(status=StepStatus.UNKNOWN, sent_at=timezone.now())
    assert mover.run(long).status == Status.DONE


def test_ended_jobs_are_forgotten_after_the_days_that_are_set(mover, queued, settings):
    mover.run(queued)
    running = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    settings.TRANSFERS_KEEP_DAYS = 3
    Transfer.objects.filter(pk=queued.pk).update(finished_at=timezone.now() - timedelta(days=2))
    forget_old()
    assert Transfer.objects.count() == 2
    Transfer.objects.filter(pk=queued.pk).update(finished_at=timezone.now() - timedelta(days=4))
    forget_old()
    assert list(Transfer.objects.all()) == [running]


def test_forgetting_takes_a_batch_at_a_time_and_reads_nothing_but_their_numbers(
    mover, queued, monkeypatch, django_assert_max_num_queries
):
    long_ago = timezone.now() - timedelta(days=4000)
    mine = {"membership": mover.membership, "action": Action.MOVE, "wants": [], "status": Status.DONE}
    ended = [Transfer(**mine, key=f"{number}", finished_at=long_ago) for number in range(3000)]
    Transfer.objects.bulk_create(ended)
    monkeypatch.setattr(pruning, "BATCH", 1500)
    with django_assert_max_num_queries(60) as asked:
        forget_old()
    assert list(Transfer.objects.all()) == [queued]
    told = [each["sql"] for each in asked]
    looks = [sql for sql in told if sql.startswith("SELECT") and "finished_at" in sql]
    assert len(looks) == 3
    assert not any('"wants"' in sql for sql in told)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {looks[0]}")
        assert "ended_transfers" in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_k4_account_with_a_worker_at_it_is_left_alone(mover, queued):
    other = Mover(mover.site, COLLECTOR)
    theirs = other.move(other.item(place="vault", home=facts.KINETIC), other.characters[0], run=False)
    with in_another_connection(lambda: alone(JOB, mover.guardian)):
        assert mover.run(queued).status == Status.QUEUED
        assert claims.is_due(queued, timezone.now())
        assert other.run(theirs).status == Status.DONE, "two accounts do not wait for each other"
    assert mover.run(queued).status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_i6_two_transfers_at_once_are_never_in_flight_together_and_a_tenth_of_a_second_apart(mover):
    weapons = [mover.moved(each, mover.characters[0]) for each in mover.items(place="vault", home=facts.KINETIC)[:6]]
    jobs = [mover.wish("move", *some, run=False) for some in (weapons[:3], weapons[3:])]
    mover.orders.fault("TransferItem", delay=0.15, times=2)
    workers = [threading.Thread(target=until_it_ends, args=(each,)) for each in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {mover.again(each).status for each in jobs} == {Status.DONE}
    told = mover.orders.actions()
    starts = [each["start"] for each in told["actions"]]
    assert (len(starts), set(told["most_in_flight"].values())) == (6, {1})
    assert min(later - earlier for earlier, later in itertools.pairwise(starts)) >= 0.1
    assert not any(told["throttled"].values())


def until_it_ends(transfer):
    """Its own worker, which comes again and again."""
    end = time.monotonic() + 2 * PATIENCE_SECONDS
    while not Transfer.objects.get(pk=transfer.pk).finished_at and time.monotonic() < end:
        runner.run(transfer.pk)
        time.sleep(0.05)
    connection.close()


@pytest.fixture
def elsewhere(site):
    """The person with two platforms and no Cross Save, and a job on each."""
    site.browser(TWO_PLATFORMS)
    played = Membership.objects.get(membership_id=site.sandbox.guardian(TWO_PLATFORMS).memberships[0].id)
    memberships.choose(played.account, played)
    mover = Mover(site, TWO_PLATFORMS)
    first = mover.move(mover.item(place="vault", home=facts.KINETIC), mover.characters[0], run=False)
    second = Membership.objects.get(account=mover.membership.account, chosen=False)
    other = Transfer.objects.create(membership=second, action=Action.MOVE, wants=[], key="of the other platform")
    OrmQ.objects.all().delete()
    return mover, first, other


@pytest.mark.django_db(transaction=True)
def test_platforms_of_one_person_take_turns(elsewhere):
    mover, first, other = elsewhere
    with in_another_connection(lambda: alone(JOB, TWO_PLATFORMS)):
        assert {mover.run(first).status, mover.run(other).status} == {Status.QUEUED}
    Transfer.objects.filter(pk=first.pk).update(status=Status.RUNNING, beat_at=timezone.now())
    Transfer.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(seconds=11))
    assert sweep() == 0, "the other platform's job waits behind it"


def test_who_ends_a_job_hands_out_the_next_one_of_the_persons_other_platform(elsewhere):
    mover, first, other = elsewhere
    assert mover.run(other).status == Status.QUEUED, "that of the first platform comes first"
    assert mover.again(first).status == Status.DONE
    assert tasks() == 1


@pytest.fixture
def lost(elsewhere):
    """The answer to the first job's call is lost, and who it belongs to is looked up again before that is settled."""
    mover, first, other = elsewhere
    memberships.choose(mover.membership.account, other.membership)
    BungieAccount.objects.update(memberships_read_at=timezone.now() - timedelta(days=2))
    mover.orders.fault("TransferItem", drop="after", times=1)
    return mover, first


def test_a_job_goes_on_where_it_began_when_another_platform_is_chosen_meanwhile(lost):
    mover, first = lost
    first = mover.until_it_ends(first)
    assert BungieAccount.objects.get().memberships_read_at > first.created_at, "they were looked up again"
    assert (first.status, first.message) == (Status.DONE, "Done.")
    assert [each.status for each in mover.steps(first)] == [StepStatus.DONE]


def test_a_job_ends_when_cross_save_has_taken_its_platform_away(lost, monkeypatch):
    mover, first = lost
    guardian = type(mover.site.sandbox.guardian(TWO_PLATFORMS))
    gone = mover.membership.membership_id
    monkeypatch.setattr(guardian, "is_overridden", lambda _, each: each.id == gone)
    first = mover.until_it_ends(first)
    assert first.status == Status.FAILED
    assert first.message.startswith("You play another account now")


def test_a_job_whose_account_bungie_does_not_find_ends_when_cross_save_has_taken_it_away_today(elsewhere, monkeypatch):
    """Its memberships were read a moment ago."""
    mover, first, _ = elsewhere
    guardian = type(mover.site.sandbox.guardian(TWO_PLATFORMS))
    gone = mover.membership.membership_id
    monkeypatch.setattr(guardian, "is_overridden", lambda _, each: each.id == gone)
    mover.orders.fault("TransferItem", error_code=1601)
    first = mover.until_it_ends(first)
    assert first.status == Status.FAILED
    assert first.message.startswith("You play another account now")
    assert len(mover.calls()) == 1


def test_bungie_counts_by_the_person_and_so_does_the_budget(elsewhere):
    mover, first, _ = elsewhere
    mover.run(first)
    assert {each.membership_id for each in BungieTurn.objects.all()} <= {"", TWO_PLATFORMS}
    assert BungieTurn.objects.filter(membership_id=TWO_PLATFORMS, action_at__gt=first.created_at).exists()


def beside(work):
    thread = Beside(work)
    thread.join()


class in_another_connection:
    """A worker that has the account's lock, until it is let go."""

    def __init__(self, hold):
        self.hold, self.held, self.done = hold, threading.Event(), threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.work)
        self.thread.start()
        assert self.held.wait(PATIENCE_SECONDS)

    def work(self):
        with self.hold() as mine:
            assert mine
            self.held.set()
            self.done.wait(2 * PATIENCE_SECONDS)
        connection.close()

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
