from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from accounts import sessions

pytestmark = pytest.mark.django_db


def test_migrate_leaves_one_daily_schedule_that_clears_what_has_ended():
    Schedule.objects.all().delete()
    for _ in range(2):
        call_command("migrate", verbosity=0)
    row = Schedule.objects.get(name=sessions.SCHEDULE)
    assert (row.schedule_type, row.repeats) == (Schedule.DAILY, -1)
    ended, kept = SessionStore(), SessionStore()
    for each in (ended, kept):
        each.create()
    Session.objects.filter(pk=ended.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    import_string(row.func)()
    assert Session.objects.get().pk == kept.session_key
