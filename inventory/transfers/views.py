"""What people see and press of transfers. A part of a page is answered to scripts, a whole page to everybody else."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.people import Player, player
from inventory.notices import why_off
from inventory.player_pages import of_player, players_button, players_page, reading_for

from . import choosing, naming, queueing, showing
from .forms import ClickForm, JobsForm, TransferForm, sentences
from .models import Action, Transfer
from .naming import Names, hashes_of
from .queueing import ALREADY, NoWay, Order
from .refusing import MOVES_OTHERS
from .steps import Plan, Refusal

NAMELESS = (Action.ROOM, Action.COLLECT)  # their titles do not name what moves
STATUSES = {"too_many": 400, "gone": 404, "no_such_character": 404}  # by a refusal's code; 409 for all others

Follows = Literal["undoes", "retries"]  # how a job may come of an earlier one


@dataclass(frozen=True, slots=True)
class Way:
    """Where and with which fields the same is asked for again, once its plan was seen; `job` is an earlier one."""

    address: str
    fields: Sequence[tuple[str, object]] = ()
    job: Transfer | None = None
    how: Follows | None = None

    @classmethod
    def after(cls, job: Transfer, how: Follows) -> Self:
        name = "transfer-undo" if how == "undoes" else "transfer-retry"
        return cls(reverse(name, args=[job.pk]), [("key", secrets.token_urlsafe(16))], job, how)


def transfers(request: HttpRequest) -> HttpResponse:
    return ask(request) if request.method == "POST" else listed(request)


@players_button
def ask(request: HttpRequest, who: Player) -> HttpResponse:
    """Queues what was asked for; what moves without being named, in passing or to make room, is shown first."""
    reading = reading_for(request, who)
    form = TransferForm(request.POST, reading=reading)
    if not form.is_valid():
        return _wrong(request, form)
    if found := queueing.earlier(who, form.click):
        return _progress_or_job(request, who, found)
    order = None
    try:
        order = form.order()
        plan = None if form.cleaned_data["confirmed"] else queueing.preview(who, order)
        if plan and (plan.moves_others or order.action == Action.ROOM):
            return _plan(request, who, order, plan, Way(reverse("transfers"), form.again))
        return _progress_or_job(request, who, queueing.enqueue(who, order))
    except NoWay as no_way:
        return _no_way(request, who, no_way, order, Way(reverse("transfers"), form.again))


@never_cache
@of_player
def listed(request: HttpRequest, who: Player) -> HttpResponse:
    form = JobsForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else dict.fromkeys(form.fields, "")
    page = showing.jobs(who, request.user, **asked | {"refused": bool(asked["refused"])}, page=request.GET.get("page"))
    context = {"form": form, "page": page, "sentences": sentences(form), "is_filtered": any(asked.values())}
    return render(request, "inventory/transfers/list.html", context, status=200 if form.is_valid() else 400)


@never_cache
@of_player
def transfer(request: HttpRequest, who: Player, transfer_id: int) -> HttpResponse:
    job = showing.own(request.user, transfer_id)
    steps = list(job.steps.order_by("number"))
    names = Names.of(who, hashes_of(showing.wants(job), steps))
    context = {
        "job": job,
        "title": showing.title(job, names),
        "message": showing.message(job),
        "wants": showing.shown_wants(job, steps, names),
        "page": showing.steps_page(steps, names, request.GET.get("page")),
        "can_try_now": queueing.can_be_tried_now(job),
        "can_undo": queueing.can_be_undone(job, steps),
    }
    return render(request, "inventory/transfers/transfer.html", context)


@players_page
def several(request: HttpRequest, who: Player) -> HttpResponse:
    """The items of one store with boxes: what marking tiles is, without scripts."""
    reading = reading_for(request, who)
    stores = choosing.stores_of(reading)
    asked = request.GET.get("store")
    store = asked if asked in stores else next(iter(stores))
    context = {
        "stores": stores,
        "store": store,
        "rows": choosing.rows(reading, store),
        "guardians": reading.vault.characters,
        "actions_off": why_off(reading.seen),
        "click": secrets.token_urlsafe(16),
    }
    return render(request, "inventory/transfers/several.html", context)


@players_button
def cancel(request: HttpRequest, who: Player, transfer_id: int) -> HttpResponse:
    job = showing.own(request.user, transfer_id)
    queueing.cancel(job)
    return _progress_or_job(request, who, job)


@players_button
def retry(request: HttpRequest, who: Player, transfer_id: int) -> HttpResponse:
    """What waits is tried now; what is left of a job that has ended is shown, and done when it is `confirmed`."""
    job = showing.own(request.user, transfer_id)
    if job.is_active:
        return _progress_or_job(request, who, queueing.try_now(job))
    return _follow_up(request, who, job, Way.after(job, "retries"))


@players_button
def undo(request: HttpRequest, who: Player, transfer_id: int) -> HttpResponse:
    """Shows what would be done, and does what is `confirmed`."""
    job = showing.own(request.user, transfer_id)
    return _follow_up(request, who, job, Way.after(job, "undoes"))


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The line at the bottom of every page, which asks for it; nothing while nothing goes on."""
    found = showing.in_progress(request.user) if request.user.is_authenticated else []
    who = player(request.user) if found else None
    if who is None:
        return HttpResponse(status=204)
    return render(request, "inventory/transfers/_progress.html", showing.progress_lines(who, found))


def _follow_up(request: HttpRequest, who: Player, job: Transfer, way: Way) -> HttpResponse:
    form = ClickForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    order, key, options = None, form.cleaned_data["key"], {"move_others": form.may_move_others}
    do, plan_of = queueing.retry, queueing.retry_order
    if way.how == "undoes":
        do, plan_of, options = queueing.undo, queueing.undo_order, {}
    try:
        if form.cleaned_data["confirmed"]:
            return _progress_or_job(request, who, do(who, job, key, **options))
        order = plan_of(who, job, **options)
        return _plan(request, who, order, queueing.preview(who, order), way)
    except NoWay as no_way:
        return _no_way(request, who, no_way, order, way)


def _plan(request: HttpRequest, who: Player, order: Order, plan: Plan, way: Way) -> HttpResponse:
    before = list(way.job.steps.order_by("number")) if way.job and way.how == "undoes" else []
    names = Names.of(who, hashes_of(order.wants, [*plan.steps, *before]))
    lists_all = way.job or len(order.wants) > 1 or order.action in NAMELESS
    context = _reasons(who, order, plan.refusals, names) | {
        "title": naming.titled(order.action, order.wants, names),
        "others": naming.other_moves(plan, names),
        "moves": naming.wanted_moves(plan, names) if lists_all else (),
        "stay": naming.stay(before, order.wants, names),
        "asked_for": len(order.wants),
        "makes_room": order.action == Action.ROOM,
        "move_others": "yes" if order.move_others else "no",
        "way": way,
        "in_dialog": bool(request.htmx),
    }
    return _answer(request, "plan", context)


def _no_way(request: HttpRequest, who: Player, no_way: NoWay, order: Order | None, way: Way) -> HttpResponse:
    nothing_to_do = all(each.code == ALREADY for each in no_way.refusals)
    if order and nothing_to_do and len(order.wants) > 1:
        order = replace(order, wants=())  # it is about none of them
    names = Names.of(who, hashes_of(order.wants if order else ()))
    context = _reasons(who, order, no_way.refusals, names) | {"nothing_to_do": nothing_to_do, "way": way}
    status = STATUSES.get(no_way.refusals[0].code, 409) if no_way.refusals else 409
    return _answer(request, "refused", context, status=status)


def _reasons(who: Player, order: Order | None, refusals: Sequence[Refusal], names: Names) -> dict[str, object]:
    """Why not, and whether it could be if other items were moved for this once."""
    keeps_others = order is not None and not order.move_others and order.action != Action.UNDO
    return {
        "refusals": naming.refused(refusals, order.wants if order else (), names),
        "refused": len(refusals),
        "could_move_others": keeps_others and any(each.code == MOVES_OTHERS for each in refusals),
        "is_a_rule": not who.preferences.move_others,
    }


def _wrong(request: HttpRequest, form: ClickForm) -> HttpResponse:
    return _answer(request, "wrong", {"sentences": sentences(form)}, status=400)


def _answer(request: HttpRequest, name: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = f"inventory/transfers/_{name}.html" if request.htmx else f"inventory/transfers/{name}.html"
    return render(request, template, context, status=status)


def _progress_or_job(request: HttpRequest, who: Player, job: Transfer) -> HttpResponse:
    if not request.htmx:
        return redirect("transfer", job.pk)
    context = showing.progress_lines(who, showing.in_progress(request.user))
    return render(request, "inventory/transfers/_progress.html", context, status=202)
