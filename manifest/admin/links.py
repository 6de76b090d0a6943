"""Where the staff's pages lead."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def revision(pk: int, words: object = None) -> SafeString:
    """To the staff's page of it."""
    return _link(reverse("admin:manifest_revision_change", args=[pk]), words or pk)


def comparison(revision: int, old: int | None = None) -> SafeString:
    """With the one before it, or with the live one."""
    address = reverse("manifest-changes", args=[revision])
    return _link(f"{address}?from={old}", "Against live") if old else _link(address, "Changes")


def definitions(words: str, **filters: object) -> SafeString:
    """To the staff's list of definitions, narrowed by its filters."""
    return _link(f"{reverse('admin:manifest_definition_changelist')}?{urlencode(filters)}", words)


def public(revision: int, table: str, identity: str) -> SafeString:
    return _link(reverse("manifest-definition", args=[revision, table, identity]), "Public page")


def _link(address: str, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
