import pytest
from django.core.checks import run_checks
from django.core.management import call_command


def ids():
    return {message.id for message in run_checks()}


def test_the_settings_of_the_tests_pass(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert not {found for found in ids() if found.startswith("destinyvault.")}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("BUNGIE_API_KEY", "", "destinyvault.W001"),
        ("MANIFEST_LANGUAGES", ["en", "xx"], "destinyvault.E001"),
        ("ALLOWED_HOSTS", ["elsewhere.example.org"], "destinyvault.E002"),
    ],
)
def test_a_check_tells(name, value, expected, settings):
    setattr(settings, name, value)
    found = next(message for message in run_checks() if message.id == expected)
    assert found.hint


def test_https_on_this_machine_wants_a_certificate_that_is_still_good(settings, tmp_path):
    settings.SITE_ON_LOOPBACK, settings.SITE_URL, settings.VAR_DIR = True, "https://localhost:8000", tmp_path
    assert "destinyvault.E003" in ids()
    call_command("certificate", verbosity=0)
    assert "destinyvault.E003" not in ids()
