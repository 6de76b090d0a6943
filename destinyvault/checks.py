"""`manage.py check`: what a reader of one variable cannot see, with ids and hints."""

from typing import Any
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from accounts.languages import NAMES as LANGUAGES

BUNGIE_SETTINGS = ["BUNGIE_API_KEY", "BUNGIE_CLIENT_ID", "BUNGIE_CLIENT_SECRET"]


@register
def bungie_application(**_: Any) -> list[CheckMessage]:
    missing = [name for name in BUNGIE_SETTINGS if not getattr(settings, name)]
    if not missing:
        return []
    return [
        Warning(
            f"{', '.join(missing)} not set: nobody can sign in, and the Manifest cannot be read.",
            hint="Make an application at https://www.bungie.net/en/Application, copy its values into .env (README).",
            id="destinyvault.W001",
        )
    ]


@register
def manifest_languages(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"MANIFEST_LANGUAGES names {language!r}, which Bungie does not have.",
            hint=f"Bungie's languages: {', '.join(LANGUAGES)}.",
            id="destinyvault.E001",
        )
        for language in settings.MANIFEST_LANGUAGES
        if language not in LANGUAGES
    ]


@register
def site_is_served(**_: Any) -> list[CheckMessage]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if any(_matches(host, pattern) for pattern in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}, but ALLOWED_HOSTS does not have {host}.",
            hint="Every request to that address would be refused: add the host to ALLOWED_HOSTS.",
            id="destinyvault.E002",
        )
    ]


@register
def certificate(**_: Any) -> list[CheckMessage]:
    """On https at this machine's own address the site serves TLS itself, with what `make certificate` wrote."""
    if not (settings.SITE_ON_LOOPBACK and settings.SITE_URL.startswith("https://")) or settings.DEBUG:
        return []
    file = settings.VAR_DIR / "certificate.pem"
    if file.exists() and load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc > timezone.now():
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}, but there is no certificate that is still good in {file.parent}.",
            hint="`make certificate` makes one for this machine.",
            id="destinyvault.E003",
        )
    ]


def _matches(host: str, pattern: str) -> bool:
    bare = pattern.strip("[]")
    return bare in {"*", host} or (bare.startswith(".") and (host.endswith(bare) or host == bare[1:]))
