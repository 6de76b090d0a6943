"""Where the staff's pages lead."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def revision(pk: int, words: object = None) -> SafeString:
    """To the staff's page of it."""
    return _link(reverse("admin:manifest_revision_change", args=[pk]), words or pk)


def comparison(revision: int) -> SafeString:
    return _link(reverse("manifest-changes", args=[revision]), "What changed")


def definitions(words: str, **filters: object) -> SafeString:
    """To the staff's list of definitions, narrowed by its filters."""
    return _link(f"{reverse('admin:manifest_definition_changelist')}?{urlencode(filters)}", words)


def public(revision: int, table: str, identity: str) -> SafeString:
    return _link(reverse("manifest-definition", args=[revision, table, identity]), "Public page")


def _link(address: str, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
