"""The words of a message, whichever way it goes."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from manifest.models import Announcement

LONGEST_SENTENCE = 400  # versions and reasons come from elsewhere


def sentence(announcement: Announcement) -> str:
    text = " ".join(announcement.text.split())
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"


def address(announcement: Announcement) -> str:
    """Where to read more; only what went live has a page that everybody may see, and what is held back waits for staff.

    Of what failed there may soon be no row: the list of its language tells of it.
    """
    return f"{settings.SITE_URL}{_PAGES[announcement.kind](announcement)}"


def _changes(announcement: Announcement) -> str:
    """With the counts of the message, which are not always those to the revision before."""
    since = f"?from={announcement.compared_with}" if announcement.compared_with else ""
    return f"{reverse('manifest-changes', args=[announcement.revision_id])}{since}"


def _confirmation(announcement: Announcement) -> str:
    return reverse("admin:manifest_revision_change", args=[announcement.revision_id])


def _list(announcement: Announcement) -> str:
    return f"{reverse('manifest')}?{urlencode({'language': announcement.language})}"


_PAGES = {
    Announcement.Kind.LIVE: _changes,
    Announcement.Kind.HELD: _confirmation,
    Announcement.Kind.FAILED: _list,
}


def fitting(lines: Iterable[str], most: int) -> str:
    """As many whole lines as `most` characters hold, and how many more there are."""
    lines = list(lines)
    told = len(lines)
    while told and len(_told(lines, told)) > most:
        told -= 1
    return _told(lines, told)


def _told(lines: list[str], told: int) -> str:
    left = len(lines) - told
    more = [f"… and {left} more: {settings.SITE_URL}/manifest/"] if left else []
    return "\n".join([*lines[:told], *more])
