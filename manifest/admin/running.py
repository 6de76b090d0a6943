"""What is being imported just now, and how staff ask for more: the frame of the staff's lists."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.text import get_text_list
from django_q.tasks import async_task

from destinyvault.admin import ReadOnly
from manifest import health
from manifest.models import Language


def address() -> URLPattern:
    """Of the part that htmx asks for again and again."""
    return path("running/", admin.site.admin_view(_running), name="manifest_running")


def _running(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/manifest/_running.html", {"running": health.running()})


class WithRunning(ReadOnly):
    """A read-only list that begins with what is running, and whose actions are tasks of the cluster."""

    change_list_template = "admin/manifest/with_running.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "running": health.running()})

    def ask(
        self, request: HttpRequest, what: str, rows: Iterable[Model], *task: object, note: str = "", **options: object
    ) -> None:
        """One task for all `rows`; `what` is noted for each of them, with who wanted it. `note` is for that person."""
        async_task(*task, **options)
        for row in rows:
            self.log_change(request, row, f"{what}: asked for.{note}")
        self.message_user(request, f"{what}: the task cluster was asked. It is shown here while it runs.{note}")


def lifted_pins(languages: Iterable[Language]) -> str:
    """What importing by force does besides."""
    pinned = [f"revision {row.live_id} ({row.code})" for row in languages if row.pinned_at]
    return f" It lifts the pin of {get_text_list(pinned, 'and')}." if pinned else ""
