"""The public pages of the Manifest: its revisions, and what changed between any two of them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_q.tasks import async_task

from destinyvault.middleware import Explanation, answer
from manifest import comparing, health
from manifest import history as past
from manifest.choosing import chosen, language_of, page_of
from manifest.comparing import Kind, NotComparable
from manifest.differences import field_differences
from manifest.models import Revision
from manifest.showing import ChangePages, shown_differences, shown_json
from manifest.tables import ITEMS

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
REVISIONS_PER_PAGE = 25


def public_page(view: View[Rest]) -> View[Rest]:
    @wraps(view)
    def explaining(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotComparable as error:
            return answer(request, Explanation(404, "not_found", "There is nothing to show", str(error)), bare=False)

    return require_safe(never_cache(explaining))


@public_page
def history(request: HttpRequest) -> HttpResponse:
    language = language_of(request)
    revisions = past.imported(language)
    page = page_of(Paginator(revisions, REVISIONS_PER_PAGE), request)
    state = next((state for state in health.state() if state.language == language), None)
    unfinished = past.unfinished(language)
    bars = past.bars(list(past.news(language)[: past.CHART_REVISIONS]))
    context = {
        "language": language,
        "languages": settings.MANIFEST_LANGUAGES,
        "state": state,
        "failed_import": bool(state) and past.failed_import(unfinished, state.check_message),
        "running": [each for each in health.running() if each.language == language],
        "unfinished": unfinished,
        "page": page,
        "bars": bars,
        "chart_width": past.STEP * len(bars),
        "chart_height": past.HEIGHT,
    }
    return render(request, "manifest/history.html", context)


@public_page
def changes(request: HttpRequest, revision_id: int) -> HttpResponse:
    new, old = _two(request, revision_id)
    context: dict[str, object] = {"new": new, "old": old, "others": _others(new), "kinds": [*Kind]}
    if old:
        comparison = comparing.compare(old.pk, new.pk)
        choice = chosen(request, comparison)
        counts = comparison.chosen(choice)
        page = page_of(ChangePages(comparison, choice, choice.of(counts)), request)
        context |= {"comparison": comparison, "choice": choice, "page": page}
        context |= {"counts": counts, "total": comparing.total(counts)}
    return render(request, "manifest/changes.html", context)


@public_page
def definition(request: HttpRequest, revision_id: int, table: str, identity: str) -> HttpResponse:
    new, old = _two(request, revision_id)
    now = comparing.definition(new, table, identity)
    before = comparing.definition(old, table, identity) if old else None
    if now is None and before is None:
        raise NotComparable(f"Neither of the two revisions has {identity} in {table}.")
    both = now is not None and before is not None
    context = {
        "new": new,
        "old": old,
        "table": table,
        "identity": identity,
        "now": now,
        "before": before,
        "name": comparing.name_of(now or before),
        "differences": shown_differences(field_differences(before, now)) if both else [],
        "json": shown_json(now if now is not None else before),
        "is_item": table == ITEMS,
        "contents": [] if request.htmx else past.contents(new.language, table, identity),
    }
    template = "manifest/_definition.html" if request.htmx else "manifest/definition.html"
    return render(request, template, context)


@require_POST
@never_cache
def update(request: HttpRequest) -> HttpResponse:
    """Staff ask for a check at once. The cluster does it; the page shows how far it is."""
    if not request.user.is_authenticated and not _wants_json(request):
        return login_required(update)(request)
    if not request.user.is_staff:
        raise PermissionDenied
    async_task("manifest.tasks.update")
    if _wants_json(request):
        return JsonResponse({"queued": True}, status=202)
    messages.info(request, "Asked: the task cluster looks at Bungie's index now. Reload this page in a moment.")
    return redirect("manifest")


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _two(request: HttpRequest, revision_id: int) -> tuple[Revision, Revision | None]:
    """The revision of the address, and the one that it is compared with: `?from=`, else the kept one before it."""
    new = comparing.kept(revision_id)
    wanted = request.GET.get("from", "")
    if not wanted:
        return new, comparing.before(new)
    if not (wanted.isascii() and wanted.isdigit()):
        raise NotComparable("The revision to compare with has to be a number, as the list of revisions has it.")
    return new, comparing.kept(int(wanted))


def _others(revision: Revision) -> list[Revision]:
    """All that it can be compared with."""
    kept = past.imported(revision.language).filter(status=Revision.Status.COMPLETE)
    return list(kept.exclude(pk=revision.pk))
