import pytest
from django.core.checks import run_checks


def ids():
    return {message.id for message in run_checks()}


def test_the_settings_of_the_tests_pass(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert not {found for found in ids() if found.startswith("destinyvault.")}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("BUNGIE_API_KEY", "", "destinyvault.W001"),
        ("TOKEN_KEYS", ["short"], "destinyvault.E001"),
        ("MANIFEST_LANGUAGES", ["en", "xx"], "destinyvault.E002"),
        ("ALLOWED_HOSTS", ["elsewhere.example.org"], "destinyvault.E003"),
    ],
)
def test_a_check_tells(name, value, expected, settings):
    setattr(settings, name, value)
    found = next(message for message in run_checks() if message.id == expected)
    assert found.hint
