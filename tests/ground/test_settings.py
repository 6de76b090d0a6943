"""Settings are read strictly: whoever sets a variable wrongly is told its name, its value and what would fit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

PRODUCTION = {
    "ENV_FILE": "",
    "SECRET_KEY": "a-secret-of-the-owner-that-is-long-enough-for-everyone-0123456789",
    "TOKEN_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "vault.example.org",
    "BUNGIE_API_KEY": "key",
    "BUNGIE_CLIENT_ID": "1",
    "BUNGIE_CLIENT_SECRET": "secret",
}


def start(tmp_path, show="settings.DEBUG", **environment):
    """Load the settings in a process of their own, as every start of the site does."""
    program = f"import django; django.setup(); from django.conf import settings; print(({show}))"
    return subprocess.run(
        [sys.executable, "-c", program],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "destinyvault.settings",
            "VAR_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_what_it_requires(tmp_path):
    assert start(tmp_path, **PRODUCTION).stdout.strip() == "False"


@pytest.mark.parametrize("value", ["", " ", ","])
@pytest.mark.parametrize("name", ["SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(name, value, tmp_path):
    done = start(tmp_path, **{**PRODUCTION, name: value})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("WEB_PORT", "http"),
        ("WEB_PORT", "70000"),
        ("MANIFEST_CHECK_MINUTES", "0"),
        ("BUNGIE_ROOT", "www.bungie.net"),
        ("SITE_URL", "ftp://vault.example.org"),
        ("SITE_URL", "http://vault.example.org"),
        ("DATABASE_URL", "mysql://somebody@somewhere/db"),
        ("ANNOUNCE_WEBHOOK_URL", "slack"),
        ("LOG_LEVEL", "LOUD"),
        ("REDIS_URL", "nonsense"),
        ("SITE_URL", "https://vault.example.org/path"),
        ("ENV_FILE", "/no/such/file"),
    ],
)
def test_a_wrong_value_names_the_variable_and_the_value(name, value, tmp_path):
    done = start(tmp_path, **{**PRODUCTION, name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert name in last
    assert value in last or name in {"DATABASE_URL", "ANNOUNCE_WEBHOOK_URL"}  # they hold a secret


def test_a_token_key_that_is_none_stops_the_start_and_is_not_shown(tmp_path):
    done = start(tmp_path, **{**PRODUCTION, "TOKEN_KEYS": f"{PRODUCTION['TOKEN_KEYS']},tooshort"})
    assert done.returncode != 0
    assert "Key 2 of TOKEN_KEYS" in done.stderr
    assert "tooshort" not in done.stderr.splitlines()[-1]


def test_any_host_needs_the_sites_own_address(tmp_path):
    done = start(tmp_path, **{**PRODUCTION, "ALLOWED_HOSTS": "*"})
    assert "SITE_URL is not set" in done.stderr


@pytest.mark.parametrize(
    ("query", "idle", "last"),
    [("", "5", "tcp_user_timeout=30000"), ("?keepalives_idle=60&options=-c%20search_path%3Dmine", "60", "mine")],
)
def test_vanished_database_host_or_worker_is_noticed_soon_whatever_else_the_owner_sets(tmp_path, query, idle, last):
    address = f"postgres://me:hunter2@host/db{query}"
    show = "__import__('json').dumps(settings.DATABASES['default']['OPTIONS'])"
    options = json.loads(start(tmp_path, show, **{**PRODUCTION, "DATABASE_URL": address}).stdout)
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (5, 30000)
    assert str(options["keepalives_idle"]) == idle
    assert "-c tcp_keepalives_idle=5 " in options["options"]
    assert options["options"].endswith(last)


def test_the_password_of_a_wrong_database_address_is_not_shown(tmp_path):
    done = start(tmp_path, **{**PRODUCTION, "DATABASE_URL": "nonsense://me:hunter2@host/db"})
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_development_machine_keeps_the_secrets_that_it_made(tmp_path):
    show = "settings.SECRET_KEY, settings.TOKEN_KEYS"
    first, second = (start(tmp_path, show, ENV_FILE="", DEBUG="on").stdout for _ in range(2))
    assert first == second != ""
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("site_url", "secure", "hsts"),
    [
        ("https://vault.example.org", True, True),
        ("", True, True),
        ("https://localhost:8000", True, False),
        ("http://127.0.0.1:8000", False, False),
    ],
)
def test_cookies_and_hsts_are_secure_unless_the_site_is_on_this_machine_alone(site_url, secure, hsts, tmp_path):
    show = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0"
    done = start(tmp_path, show, **{**PRODUCTION, "SITE_URL": site_url})
    assert done.stdout.strip() == f"({secure}, {secure}, {hsts})"


def test_the_env_file_is_read_and_the_environment_wins(tmp_path):
    (tmp_path / "env").write_text("WEB_PORT=9001\nMANIFEST_LANGUAGES=en, fr\n")
    environment = {**PRODUCTION, "ENV_FILE": str(tmp_path / "env"), "WEB_PORT": "9002"}
    done = start(tmp_path, "settings.WEB_PORT, settings.MANIFEST_LANGUAGES", **environment)
    assert done.stdout.strip() == "(9002, ['en', 'fr'])"


def test_a_command_says_in_one_sentence_what_the_settings_lack(tmp_path):
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py"), "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot start: SECRET_KEY is not set.")
    assert "Traceback" not in done.stderr
