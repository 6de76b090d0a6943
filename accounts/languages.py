"""The languages of the game's definitions, as Bungie names them, and which of them a browser asks for."""

from collections.abc import Collection, Iterator

from django.utils.translation.trans_real import parse_accept_lang_header

NAMES = {
    "en": "English",
    "fr": "Français",
    "es": "Español (España)",
    "es-mx": "Español (México)",
    "de": "Deutsch",
    "it": "Italiano",
    "ja": "日本語",
    "pt-br": "Português (Brasil)",
    "ru": "Русский",
    "pl": "Polski",
    "ko": "한국어",
    "zh-cht": "繁體中文",
    "zh-chs": "简体中文",
}


def language_name(code: str) -> str:
    """In the language itself, for those who read no other."""
    return NAMES.get(code, code)


def asked_for(header: str, offered: Collection[str]) -> str:
    """The one of the `offered` languages that an Accept-Language header likes best; "" where it names none of them."""
    named = (way for wanted, _ in parse_accept_lang_header(header.lower()) for way in _ways(wanted))
    return next((code for code in named if code in offered), "")


def _ways(wanted: str) -> Iterator[str]:
    """How Bungie may name it: it has two kinds of Spanish and Chinese, and one Portuguese."""
    primary, _, rest = wanted.partition("-")
    yield wanted
    if primary == "zh":
        yield "zh-cht" if rest.startswith("hant") or rest in ("tw", "hk", "mo") else "zh-chs"
    if primary == "es" and rest not in ("", "es"):
        yield "es-mx"
    yield primary
    yield from {"pt": ["pt-br"], "es": ["es-mx"]}.get(primary, [])
