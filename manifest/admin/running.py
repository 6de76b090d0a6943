"""What is being imported just now, and how staff ask for more: the frame of the staff's lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django_q.tasks import async_task

from destinyvault.admin import ReadOnly
from manifest import locks
from manifest.models import Language


@dataclass(frozen=True)
class Import:
    """`done` and `total` are bytes of the phase; `total` is None where nobody knows it."""

    language: str
    phase: str
    done: int
    total: int | None

    @property
    def percent(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None

    def __str__(self) -> str:
        return self.phase if self.percent is None else f"{self.phase}, {self.percent} %"


def running() -> dict[str, Import]:
    """By language. A phase noted for a language that nobody holds is what a killed process left: not running."""
    rows = Language.objects.filter(code__in=locks.importing()).order_by("code")
    return {row.code: Import(row.code, row.phase or "Checking", row.phase_done, row.phase_total) for row in rows}


def address() -> URLPattern:
    """Of the part that htmx asks for again and again."""
    return path("running/", admin.site.admin_view(_running), name="manifest_running")


def _running(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/manifest/_running.html", {"running": running().values()})


class WithRunning(ReadOnly):
    """A read-only list that begins with what is running, and whose actions are tasks of the cluster."""

    change_list_template = "admin/manifest/with_running.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "running": running().values()})

    def ask(self, request: HttpRequest, what: str, rows: Iterable[Model], *task: object, **options: object) -> None:
        """One task for all `rows`; `what` is noted for each of them, with who wanted it."""
        async_task(*task, **options)
        for row in rows:
            self.log_change(request, row, f"{what}: asked for.")
        self.message_user(request, f"{what}: the task cluster was asked. It is shown here while it runs.")
