"""`manage.py check`: what a reader of one variable cannot see, with ids and hints."""

from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

# Languages of the Manifest (Destiny2/Manifest, mobileWorldContentPaths).
LANGUAGES = ["en", "fr", "es", "es-mx", "de", "it", "ja", "pt-br", "ru", "pl", "ko", "zh-cht", "zh-chs"]
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
def token_keys(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"Key {number} of TOKEN_KEYS is not a Fernet key.",
            hint="Each is 32 random bytes in url-safe base64; .env.example has the command that makes one.",
            id="destinyvault.E001",
        )
        for number, key in enumerate(settings.TOKEN_KEYS, start=1)
        if not _is_fernet_key(key)
    ]


@register
def manifest_languages(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"MANIFEST_LANGUAGES names {language!r}, which Bungie does not have.",
            hint=f"Bungie's languages: {', '.join(LANGUAGES)}.",
            id="destinyvault.E002",
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
            id="destinyvault.E003",
        )
    ]


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _matches(host: str, pattern: str) -> bool:
    bare = pattern.strip("[]")
    return bare in {"*", host} or (bare.startswith(".") and (host.endswith(bare) or host == bare[1:]))
