import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_q.models import Schedule

from manifest import schedule, tasks

pytestmark = pytest.mark.django_db


def test_migrate_leaves_one_schedule_of_the_check(settings):
    row = Schedule.objects.get(name=schedule.NAME)
    assert import_string(row.func) is tasks.check
    assert (row.schedule_type, row.minutes, row.repeats) == (Schedule.MINUTES, settings.MANIFEST_CHECK_MINUTES, -1)


def test_altered_interval_is_corrected_and_the_next_run_kept(settings):
    before = Schedule.objects.get(name=schedule.NAME).next_run
    settings.MANIFEST_CHECK_MINUTES = 17
    call_command("migrate", verbosity=0)
    row = Schedule.objects.get(name=schedule.NAME)
    assert (row.minutes, row.next_run) == (17, before)


def test_deleted_schedule_comes_back():
    Schedule.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert Schedule.objects.filter(name=schedule.NAME).count() == 1
