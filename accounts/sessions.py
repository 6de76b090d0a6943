"""How long sessions live: a visitor's as long as a sign-in may take, a person's as long as the settings say."""

from typing import Any

from django.core.management import call_command
from django.http import HttpRequest
from django_q.models import Schedule

from destinyvault import schedules

VISIT_SECONDS = 3600
SCHEDULE = "clear ended sessions"


def begin_visit(request: HttpRequest) -> None:
    """Whoever asks, robots too, gets a session with a state in it; it must not stay for months."""
    if not request.user.is_authenticated:
        request.session.set_expiry(VISIT_SECONDS)


def remember_person(request: HttpRequest, **_signal: Any) -> None:
    """Signing in keeps what the visitor's session held, its short life as well."""
    request.session.set_expiry(None)


def clear_ended() -> None:
    call_command("clearsessions")


def keep_schedule(using: str = "default", **_signal: Any) -> None:
    schedules.keep(using, SCHEDULE, "accounts.sessions.clear_ended", schedule_type=Schedule.DAILY)
