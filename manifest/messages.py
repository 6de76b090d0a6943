"""The words of a message, whichever way it goes."""

from collections.abc import Iterable

from django.conf import settings

from manifest.models import Announcement

LONGEST_SENTENCE = 400  # versions and reasons come from elsewhere


def sentence(announcement: Announcement) -> str:
    text = " ".join(announcement.text.split())
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"


def address(announcement: Announcement) -> str:
    """Where to read more; only what went live has a page that everybody may see."""
    page = f"{announcement.revision_id}/" if announcement.kind == Announcement.Kind.LIVE else ""
    return f"{settings.SITE_URL}/manifest/{page}"


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
