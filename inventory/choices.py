"""What a person chooses on the page itself, kept among their preferences."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.models import Preferences, User

from .places import GROUPS
from .player_pages import signed_in

FOLDS = frozenset(group.lower() for group in GROUPS)
View = Callable[[HttpRequest], HttpResponse]


def _choice(view: View) -> View:
    """For a POST; a GET comes from whoever had to sign in again before it, and is led to the page."""

    @wraps(view)
    def chosen(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else redirect("inventory")

    return require_http_methods(["GET", "POST"])(signed_in(chosen))


@_choice
def sort(request: HttpRequest) -> HttpResponse:
    if not keep_sort(request.user, request.POST.get("sort", "")):
        messages.error(request, "There is no such order of items. Choose one of the list.")
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, None)
    return HttpResponseRedirect(back) if is_ours else redirect("inventory")


@_choice
def fold(request: HttpRequest) -> HttpResponse:
    """What the page's script tells of a group that was opened or closed."""
    kept = keep_fold(request.user, request.POST.get("group", ""), request.POST.get("folded") == "1")
    return HttpResponse(status=204) if kept else HttpResponse("There is no such group.", "text/plain", status=400)


def keep_sort(user: User, order: str) -> bool:
    """False for an order that there is not."""
    if order not in Preferences.Sort.values:
        return False
    Preferences.objects.update_or_create(user=user, defaults={"sort": order})
    return True


def keep_fold(user: User, group: str, folded: bool) -> bool:
    """False for a group that there is not. Two groups may be folded at the same moment."""
    if group not in FOLDS:
        return False
    with transaction.atomic():
        kept, _ = Preferences.objects.select_for_update().get_or_create(user=user)
        kept.folded = sorted({*kept.folded, group} if folded else {*kept.folded} - {group})
        kept.save(update_fields=["folded"])
    return True
