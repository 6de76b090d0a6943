"""What is told, over a real receiver: every event once, whatever the receiver, the workers or the settings do."""

import logging
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from accounts.models import User
from manifest import announcing, cleaning, delivery, sync, tasks
from manifest.errors import ManifestError
from manifest.locks import only_import
from manifest.models import Announcement, KeptCounts, Language, Revision, Subscription
from manifest.progress import SILENT
from manifest.switch import make_live
from tests.manifest import content_files as made
from tests.manifest.receiver import receiver
from tests.manifest.standstill import until

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = "Manifest from a file is live (en): 2 definitions, 2 new, 0 changed, 0 removed."


@pytest.fixture
def webhook(settings):
    with receiver() as server:
        settings.ANNOUNCE_WEBHOOK_URL = server.address
        settings.SITE_URL = "https://vault.example.org"
        yield server


@pytest.fixture
def event(webhook):
    """Something happened that is worth telling, and was not told yet."""
    announcing.went_live(revision())
    return Announcement.objects.get()


def revision(language="en", **fields):
    return Revision.objects.create(language=language, version="232", path=f"/{language}.content", **fields)


def subscriber(name, email, **fields):
    user = User.objects.create_user(name, is_staff=True)
    return Subscription.objects.create(user=user, email=email, **fields)


def queued():
    return [SignedPackage.loads(row.payload)["func"] for row in OrmQ.objects.all()]


def status():
    return sorted(Announcement.objects.values_list("status", flat=True))


@contextmanager
def importing(language):
    """Another process that imports, as far as Postgres can tell."""
    Language.objects.create(code=language)
    taken, done = threading.Event(), threading.Event()

    def hold():
        with only_import(language, wait=False, progress=SILENT):
            taken.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(60)
    try:
        yield
    finally:
        done.set()
        thread.join()


def deliver_in_a_thread():
    tasks.deliver()
    connection.close()


def start_delivery(webhook):
    """A worker in a process of its own, on the database of this test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
        "ANNOUNCE_WEBHOOK_URL": webhook.address,
    }
    program = "import django; django.setup(); from manifest import tasks; tasks.deliver()"
    return subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[2])


def let_time_pass(**span):
    for row in Announcement.objects.all():
        row.next_try_at -= timedelta(**span)
        row.created_at -= timedelta(**span)
        row.save()


def test_what_goes_live_is_told_once_with_version_counts_and_a_link(webhook, import_tables):
    live = import_tables({made.ITEMS: made.items(1, 2)})
    assert "manifest.tasks.deliver" in queued()
    tasks.deliver()
    tasks.deliver()
    assert webhook.texts == [f"{LIVE} <https://vault.example.org/manifest/{live.pk}/>"]
    assert status() == ["sent"]


def test_nothing_is_written_or_queued_where_nobody_asked(settings, import_tables):
    settings.ANNOUNCE_WEBHOOK_URL = ""
    import_tables({made.ITEMS: made.items(1)})
    assert not Announcement.objects.exists()
    assert not OrmQ.objects.exists()


def test_event_and_its_task_are_undone_together(webhook):
    row = revision()
    with transaction.atomic():
        announcing.went_live(row)
        assert queued() == ["manifest.tasks.deliver"]
        transaction.set_rollback(True)
    assert not Announcement.objects.exists()
    assert not OrmQ.objects.exists()


def test_revision_that_comes_back_is_told_as_live_again(webhook, import_tables):
    first = import_tables({made.ITEMS: made.items(1)})
    import_tables({made.ITEMS: made.items(1, 2)})
    make_live(first)
    tasks.deliver()
    assert "is live again (en)" in webhook.texts[0]
    assert "0 new, 0 changed, 1 removed" in webhook.texts[0].splitlines()[2], "of what was live, not of its import"


def test_way_back_and_forth_of_the_staff_is_told_against_what_was_live(webhook, import_tables):
    first = import_tables({made.ITEMS: made.items(1, 2)})
    import_tables({made.ITEMS: made.items(1, 2, 3)})
    last = import_tables({made.ITEMS: made.items(1, 2, 3, 4)})
    tasks.deliver()
    tasks.count_differences(last.pk)
    make_live(first, pinned=True)
    make_live(last, pinned=True)
    tasks.deliver()
    back, on = webhook.texts[1].splitlines()
    against = f"Against {last.version}, which was live until now: 0 new, 0 changed, 2 removed."
    assert back.startswith(f"Staff went back to Manifest {first.version} (en), and pinned it: 2 definitions. {against}")
    assert back.endswith(f"<https://vault.example.org/manifest/{first.pk}/?from={last.pk}>")
    assert on.startswith("Staff went on to Manifest")
    assert "2 new, 0 changed, 0 removed" in on


@pytest.mark.parametrize("pinned", [True, False])
def test_switch_between_revisions_far_apart_counts_nothing_and_tells_only_what_is_counted(
    webhook, import_tables, pinned
):
    first, _, last = (import_tables({made.ITEMS: made.items(*range(1, 2 + number))}) for number in range(3))
    make_live(first, pinned=pinned)
    assert not KeptCounts.objects.exists()
    back = Announcement.objects.get(revision_id=first.pk, compared_with=last.pk)
    assert back.text.endswith("1 definitions.")
    assert "Against" not in back.text
    tasks.count_differences(last.pk)
    make_live(last, pinned=pinned)
    on = Announcement.objects.get(revision_id=last.pk, compared_with=first.pk)
    assert on.text.endswith("2 new, 0 changed, 0 removed.")


def test_failed_import_is_told_once_for_each_path(webhook, tmp_path, import_tables):
    broken = made.bad_files(tmp_path)["unknown columns"][0]
    for _ in range(2):
        with pytest.raises(ManifestError):
            sync.sync("en", file=broken)
        tasks.deliver()
    (text,) = webhook.texts
    assert "could not be imported: " in text
    assert "columns" in text
    assert "<https://vault.example.org/manifest/?language=en>" in text


def test_import_that_was_killed_is_told_once_when_the_next_one_finds_it(webhook, sandbox):
    for _ in range(2):
        revision("en", status="running")
        sync.sync("en")
        tasks.deliver()
    told = [line for text in webhook.texts for line in text.splitlines()]
    assert told[0].startswith(f"Manifest 232 (en) could not be imported: {cleaning.KILLED}")
    assert "is live" in told[1]
    assert sum("could not be imported" in line for line in told) == 1


def test_content_that_is_held_back_is_told(webhook, import_tables):
    import_tables({made.ITEMS: made.items(*range(10))})
    tasks.deliver()
    with pytest.raises(ManifestError):
        import_tables({made.ITEMS: made.items(1)})
    tasks.deliver()
    assert "is held back until somebody confirms it" in webhook.texts[1]
    held = Revision.objects.get(status="held")
    assert f"<https://vault.example.org/admin/manifest/revision/{held.pk}/change/>" in webhook.texts[1]


def test_failure_of_another_language_links_to_the_list_of_that_language(webhook):
    announcing.failed(revision("fr"), "Torn.", held=False)
    tasks.deliver()
    assert "<https://vault.example.org/manifest/?language=fr>" in webhook.texts[0]


def test_e_mail_that_was_only_printed_is_not_called_sent(settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    subscriber("one", "one@example.org")
    announcing.went_live(revision())
    tasks.deliver()
    assert "one@example.org" in capsys.readouterr().out
    assert status() == ["failed"]
    assert "EMAIL_URL is not set" in Announcement.objects.get().error


def test_second_worker_sends_nothing_that_the_first_is_sending(event, webhook):
    webhook.free.clear()
    first = threading.Thread(target=deliver_in_a_thread)
    first.start()
    until(lambda: webhook.bodies)
    second = threading.Thread(target=deliver_in_a_thread)
    second.start()
    second.join(5)
    webhook.free.set()
    first.join()
    second.join()
    assert len(webhook.bodies) == 1
    assert status() == ["sent"]


def test_many_workers_at_once_send_it_once(event, webhook):
    threads = [threading.Thread(target=deliver_in_a_thread) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(webhook.bodies) == 1
    assert status() == ["sent"]


def test_languages_that_go_live_together_are_one_message(webhook):
    for language in ("en", "fr", "de"):
        announcing.went_live(revision(language))
    tasks.deliver()
    (text,) = webhook.texts
    assert [line.split("(")[1][:2] for line in text.splitlines()] == ["en", "fr", "de"]
    assert status() == ["sent"] * 3


def test_messages_wait_for_the_end_of_an_import_but_not_for_ever(webhook):
    announcing.went_live(revision("en"))
    with importing("fr"):
        tasks.deliver()
        assert webhook.bodies == []
        let_time_pass(minutes=11)
        tasks.deliver()
        assert len(webhook.bodies) == 1


def test_round_of_imports_ends_with_a_delivery(webhook, sandbox, settings):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    tasks.check()
    tasks.deliver()
    (text,) = webhook.texts
    assert len(text.splitlines()) == 2
    assert queued().count("manifest.tasks.deliver") == 3, "one for each event, and one for what waited for the end"


@pytest.mark.parametrize(
    ("answer", "pause"),
    [((503, {}), 59), ((500, {}), 59), ((400, {}), 59), ((429, {"Retry-After": "300.5"}), 300), ((429, {}), 59)],
)
def test_refused_message_waits_and_is_sent_later(answer, pause, event, webhook):
    webhook.answers.append(answer)
    before = timezone.now()
    tasks.deliver()
    event.refresh_from_db()
    assert (event.status, event.attempts) == ("waiting", 1)
    assert f"HTTP {answer[0]}" in event.error
    assert event.next_try_at >= before + timedelta(seconds=pause)
    tasks.deliver()
    assert len(webhook.bodies) == 1
    let_time_pass(seconds=pause + 5)
    tasks.deliver()
    assert len(webhook.bodies) == 2
    assert status() == ["sent"]


def test_pauses_grow_up_to_an_hour_and_after_a_day_it_is_given_up(event, settings):
    settings.ANNOUNCE_WEBHOOK_URL = "http://127.0.0.1:1/closed"
    pauses = []
    while status() == ["waiting"]:
        tasks.deliver()
        event.refresh_from_db()
        pauses.append(round((event.next_try_at - timezone.now()).total_seconds() / 60))
        let_time_pass(minutes=61)
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert status() == ["failed"]
    assert 24 <= len(pauses) <= 26
    assert "cannot be reached" in event.error


def test_place_that_asked_for_a_pause_gets_nothing_in_it(event, webhook):
    webhook.answers.append((429, {"Retry-After": "600"}))
    tasks.deliver()
    announcing.went_live(revision("fr"))
    tasks.deliver()
    assert len(webhook.bodies) == 1
    let_time_pass(minutes=11)
    tasks.deliver()
    assert len(webhook.texts[1].splitlines()) == 2


@pytest.mark.parametrize("code", [401, 404, 410, 302])
def test_webhook_that_is_gone_is_given_up_with_advice(code, event, webhook):
    webhook.answers.append((code, {"Location": webhook.address}))
    tasks.deliver()
    tasks.deliver()
    event.refresh_from_db()
    assert len(webhook.bodies) == 1
    assert event.status == "failed"
    assert "put its address into ANNOUNCE_WEBHOOK_URL" in event.error


def test_lost_answer_is_unknown_and_never_sent_again(event, webhook):
    webhook.silent.set()
    tasks.deliver()
    webhook.silent.clear()
    let_time_pass(hours=2)
    tasks.deliver()
    assert len(webhook.bodies) == 1
    assert status() == ["unknown"]


def test_answer_that_does_not_come_in_time_is_unknown(event, webhook, monkeypatch):
    monkeypatch.setattr("manifest.webhook.SECONDS", 0.2)
    webhook.free.clear()
    tasks.deliver()
    webhook.free.set()
    assert status() == ["unknown"]


def test_worker_that_is_killed_while_sending_leaves_it_unknown(event, webhook):
    webhook.free.clear()
    worker = start_delivery(webhook)
    until(lambda: webhook.bodies)
    worker.kill()
    worker.wait()
    webhook.free.set()
    tasks.deliver()
    assert status() == ["sending"]
    let_time_pass(minutes=6)
    tasks.deliver()
    assert status() == ["unknown"]
    assert len(webhook.bodies) == 1


class Forgetful(locmem.EmailBackend):
    """Hands the message over, and then makes a mistake that nobody foresaw."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise ZeroDivisionError


class Abrupt(locmem.EmailBackend):
    """Takes the message, and is gone before anybody says good-bye."""

    def close(self):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def by_mail(settings, backend):
    subscriber("one", "one@example.org")
    announcing.went_live(revision())
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"


def test_mistake_of_ours_before_anything_was_sent_is_logged_and_tried_again(settings, webhook, event, caplog):
    address, settings.ANNOUNCE_WEBHOOK_URL = webhook.address, "http://[no-address/services/secret"
    told = tasks.deliver()
    event.refresh_from_db()
    assert (event.status, webhook.bodies) == ("waiting", [])
    assert "made a mistake before it sent this (ValueError)" in event.error
    assert "made a mistake before it sent this" in told
    assert "Traceback" in caplog.text
    settings.ANNOUNCE_WEBHOOK_URL = address
    let_time_pass(hours=1)
    tasks.deliver()
    assert (status(), len(webhook.bodies)) == (["sent"], 1)


def test_mistake_of_ours_with_e_mail_leaves_the_other_places_alone(settings, webhook):
    by_mail(settings, Forgetful)
    settings.EMAIL_BACKEND = "nobody.has.such.a.Backend"
    tasks.deliver()
    assert status() == ["sent", "waiting"]
    assert len(webhook.bodies) == 1


def test_mistake_of_ours_once_the_sending_began_is_unknown_and_never_sent_again(settings, caplog):
    by_mail(settings, Forgetful)
    for _ in range(2):
        tasks.deliver()
        let_time_pass(hours=2)
    row = Announcement.objects.get()
    assert (row.status, len(mail.outbox)) == ("unknown", 1)
    assert "answer was lost: ZeroDivisionError" in row.error
    assert "Traceback" in caplog.text


def test_mail_server_that_leaves_without_good_bye_has_the_message(settings):
    by_mail(settings, Abrupt)
    tasks.deliver()
    assert (status(), len(mail.outbox)) == (["sent"], 1)


def test_webhook_that_was_taken_out_of_the_settings_is_given_up(event, settings):
    settings.ANNOUNCE_WEBHOOK_URL = ""
    tasks.deliver()
    assert status() == ["failed"]


def test_address_of_the_webhook_is_in_no_log_row_or_task(event, webhook, caplog):
    caplog.set_level(logging.DEBUG)
    for answer in ((503, {}), (404, {})):
        webhook.answers.append(answer)
        told = tasks.deliver()
        let_time_pass(hours=1)
        assert "secret" not in told
    assert "Not delivered by webhook" in caplog.text
    assert "secret" not in caplog.text
    assert "secret" not in str(list(Announcement.objects.values()))
    assert "secret" not in str([SignedPackage.loads(row.payload) for row in OrmQ.objects.all()])


def test_discord_gets_its_own_form_and_nobody_is_called(event, webhook, settings):
    settings.ANNOUNCE_WEBHOOK_URL = webhook.address.replace("/services/", "/api/webhooks/")
    Announcement.objects.update(text="Manifest *1* @everyone <b> [x](y) is `live`")
    tasks.deliver()
    (body,) = webhook.bodies
    assert body["allowed_mentions"] == {"parse": []}
    assert body["content"].startswith(r"Manifest \*1\* \@everyone \<b\> \[x\]\(y\) is \`live\` <https://vault")


def test_slack_gets_its_own_form_with_its_signs_escaped(event, webhook):
    Announcement.objects.update(text="<!channel> R&D")
    tasks.deliver()
    (body,) = webhook.bodies
    assert body == {"text": f"&lt;!channel&gt; R&amp;D <https://vault.example.org/manifest/{event.revision_id}/>"}


def test_long_messages_stay_below_discords_limit_and_say_what_is_left_out(webhook, settings):
    settings.ANNOUNCE_WEBHOOK_URL = webhook.address.replace("/services/", "/api/webhooks/")
    for number in range(40):
        announcing.went_live(revision(f"x{number}"))
    tasks.deliver()
    lines = webhook.texts[0].splitlines()
    assert len(webhook.texts[0]) <= 2000
    assert lines[-1] == f"… and {40 - len(lines) + 1} more: https://vault.example.org/manifest/"
    assert status() == ["sent"] * 40


def test_staff_who_asked_get_e_mail_and_only_for_what_they_asked(settings, import_tables, tmp_path):
    subscriber("both", "both@example.org")
    subscriber("failures", "failures@example.org", live=False)
    import_tables({made.ITEMS: made.items(1, 2)})
    tasks.deliver()
    (sent,) = mail.outbox
    assert sent.to == ["both@example.org"]
    assert sent.subject == "[Destiny Vault] Manifest from a file went live"
    assert LIVE in sent.body
    assert f"{settings.SITE_URL}/admin/manifest/subscription/mine/" in sent.body
    with pytest.raises(ManifestError):
        sync.sync("en", file=made.bad_files(tmp_path)["html"][0])
    tasks.deliver()
    assert sorted(each.to[0] for each in mail.outbox[1:]) == ["both@example.org", "failures@example.org"]


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_who_left_the_staff_before_it_is_sent_gets_nothing(lost):
    wanted = subscriber("former", "former@example.org")
    announcing.went_live(revision())
    User.objects.filter(pk=wanted.user_id).update(**{lost: False})
    tasks.deliver()
    assert mail.outbox == []
    assert status() == ["failed"]


def test_message_has_the_same_identity_at_every_attempt(settings):
    subscriber("one", "one@example.org")
    announcing.went_live(revision())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tasks.deliver()
    row = Announcement.objects.get()
    assert (row.status, "cannot be reached" in row.error) == ("waiting", True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    let_time_pass(minutes=2)
    tasks.deliver()
    assert mail.outbox[0].message()["Message-ID"] == f"<announcement-{row.pk}@127.0.0.1>"


def test_place_that_fails_does_not_stop_the_others(webhook):
    subscriber("one", "one@example.org")
    announcing.went_live(revision())
    webhook.answers.append((500, {}))
    tasks.deliver()
    assert len(mail.outbox) == 1
    assert status() == ["sent", "waiting"]


def test_old_messages_are_forgotten():
    subscriber("one", "one@example.org")
    announcing.went_live(revision("en"))
    let_time_pass(days=91)
    announcing.went_live(revision("fr"))
    delivery.forget_old()
    assert Announcement.objects.get().language == "fr"
