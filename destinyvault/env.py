"""Strict readers for the environment: a value that does not fit names the variable, the value and what would fit."""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import dj_email_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

YES = {"1", "on", "true", "yes"}
NO = {"0", "off", "false", "no"}
EXAMPLE = "See .env.example."
MAIL_SECONDS = 20


def load(default: Path) -> None:
    """Read the env file into the environment, which wins. ENV_FILE names another file; empty means none."""
    name = os.environ.get("ENV_FILE", str(default))
    if name and not load_dotenv(name) and "ENV_FILE" in os.environ and not Path(name).is_file():
        raise _wrong("ENV_FILE", name, "a file that exists, or empty for none")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() in YES | NO:
        return value.lower() in YES
    raise _wrong(name, value, "on or off")


def integer(name: str, default: int, least: int, most: int) -> int:
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise _wrong(name, value, "a whole number") from None
    if not least <= number <= most:
        raise _wrong(name, value, f"a number from {least} to {most}")
    return number


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    value = text(name, default).upper()
    if value not in choices:
        raise _wrong(name, value, f"one of {', '.join(choices)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list, parted by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str, default: str = "") -> str:
    """An http(s) address without a trailing slash; an empty one stays empty."""
    value = text(name, default).rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment:
        raise _wrong(name, value, "an address such as https://vault.example.org")
    return value


def webhook(name: str) -> str:
    """An http(s) address that is a secret as a whole: the error does not show it."""
    value = text(name)
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if value and not fits:
        raise ImproperlyConfigured(f"{name} does not fit: it should be an address of Slack's or Discord's. {EXAMPLE}")
    return value


def email(name: str) -> dict:
    """Django's e-mail settings; every mail server is given up after a while, as Django by itself would not."""
    found = parsed(name, _email, "submission://user:password@host:587/", default="console://")
    return {**found, "EMAIL_TIMEOUT": found["EMAIL_TIMEOUT"] or MAIL_SECONDS}


def _email(value: str) -> dict:
    scheme = urlsplit(value).scheme
    if scheme not in dj_email_url.SCHEMES:  # it would take any, without TLS
        raise ValueError(scheme)
    return dj_email_url.parse(value)


def origin(name: str, default: str) -> str:
    """An address that people type: scheme and host, perhaps a port, nothing else."""
    value = address(name, default)
    parts = urlsplit(value)
    if parts.path or "@" in parts.netloc:
        raise _wrong(name, _without_password(value), "only https://, the host and perhaps a port")
    return value


def redis(name: str) -> str:
    value = text(name)
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise _wrong(name, _without_password(value), "like redis://host:6379/0")
    return value


def fernet_keys(name: str, default: str) -> list[str]:
    """At least one key that the cryptography package takes; the error names which is not, never the key itself."""
    keys = words(name, default)
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"Key {number} of {name} is not a Fernet key (32 random bytes in url-safe base64). "
                ".env.example has the command that makes one."
            ) from None
    return keys


def parsed(name: str, parse: Callable[[str], dict], example: str, default: str = "") -> dict:
    """What `parse` makes of a URL that may hold a password: the error tells everything but that."""
    value = text(name, default)
    try:
        result = parse(value)
    except Exception as error:  # the parsers raise whatever their parts raise: KeyError, ValueError, their own
        raise _wrong(name, _without_password(value), f"like {example}") from error
    if not result:
        raise _wrong(name, _without_password(value), f"like {example}")
    return result


def required(name: str, why: str) -> str:
    value = text(name)
    if not value.strip(", "):
        raise ImproperlyConfigured(f"{name} is not set. {why} {EXAMPLE}")
    return value


def kept_secrets(file: Path) -> dict[str, str]:
    """SECRET_KEY and TOKEN_KEYS of a development machine: made once, kept in a file that only its owner reads."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "TOKEN_KEYS": Fernet.generate_key().decode()}
        fresh = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(made, out)
        try:
            os.link(fresh, file)  # fails when another process was first: then its secrets count
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return json.loads(file.read_text())


def _wrong(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} does not fit: it should be {expected}. {EXAMPLE}")


def _without_password(value: str) -> str:
    try:
        password = urlsplit(value).password
    except ValueError:
        return "(unreadable)"
    return value.replace(f":{password}@", ":…@") if password else value
