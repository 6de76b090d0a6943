"""Find jobs by what staff type. Each way has an index of its own, and none reads the million steps."""

import re

from django.db.models import Q, QuerySet

from accounts.models import Membership

from .models import WANTED_IDS, Step, Transfer

HELP = (
    "A part of the player's or the account's name, the name with its number (Ilva#0042), the id of either, the "
    "instance id of an item, or the number of a job."
)
_ID = re.compile(r"[0-9]{1,18}|[0-8][0-9]{18}")  # what a bigint holds
_FULL_NAME = re.compile(r"(?P<name>.*)#(?P<code>[0-9]{1,4})")


def found(jobs: QuerySet[Transfer], text: str) -> QuerySet[Transfer]:
    """Those of `jobs` that fit; all do where `text` is empty."""
    if not text:
        return jobs
    fits = Q(membership__in=list(Membership.objects.filter(_called(text)).values_list("pk", flat=True)))
    if _ID.fullmatch(text):
        fits |= Q(pk__in=[int(text), *about_item(text)])
    return jobs.filter(fits)


def about_item(item_id: str) -> set[int]:
    """Ids of the jobs that wanted it, though it may never have been touched, and of those that touched it unasked.

    Items that are equipped together share a step, and each of them was wanted.
    """
    wanted = Transfer.objects.alias(ids=WANTED_IDS).filter(ids__contains=[item_id]).order_by()
    touched = Step.objects.filter(item_id=item_id).order_by()
    return {*wanted.values_list("pk", flat=True), *touched.values_list("transfer_id", flat=True)}


def _called(text: str) -> Q:
    named = Q(display_name__icontains=text) | Q(account__display_name__icontains=text)
    if full := _FULL_NAME.fullmatch(text):
        named |= Q(display_name__icontains=full["name"], code=int(full["code"]))
    return named | Q(membership_id=text) | Q(account__membership_id=text)
