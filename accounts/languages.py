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
