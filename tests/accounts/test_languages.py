"""Which of Bungie's languages a browser asks for."""

import pytest

from accounts.languages import NAMES, asked_for


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("pt-PT", "pt-br"), ("pt", "pt-br"), ("zh-TW,zh;q=0.9", "zh-cht"), ("zh-Hant", "zh-cht"), ("zh-CN", "zh-chs"),
        ("es-AR", "es-mx"), ("es-ES", "es"), ("es", "es"), ("ja-JP;q=0.5, ko", "ko"), ("*", ""), ("tlh", ""), ("", ""),
        ("x" * 5000, ""), (";;;,,,", ""),
    ],
)  # fmt: skip
def test_browser_gets_the_nearest_language_of_bungies(header, code):
    assert asked_for(header, NAMES) == code


def test_only_a_language_that_the_site_has_is_given():
    assert asked_for("es-AR, de;q=0.5", ["en", "es"]) == "es"
    assert asked_for("es", ["en", "es-mx"]) == "es-mx"
    assert asked_for("ja", ["en", "fr"]) == ""
