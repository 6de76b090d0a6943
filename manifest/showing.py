"""Differences as a page shows them: in pages, and long values cut short. The API gives them whole."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from manifest import comparing
from manifest.comparing import Choice, Comparison
from manifest.differences import ABSENT, FieldDifference

MOST_FIELDS = 200
_LONGEST_VALUE = 600
_LONGEST_JSON = 200_000


class ChangePages(Paginator):
    """Pages of a comparison: how many changes there are is counted already, and each page is read by itself."""

    def __init__(self, comparison: Comparison, choice: Choice, matching: dict[str, int], size: int = comparing.PAGE):
        super().__init__((), size)
        self.count = sum(matching.values())
        self._changes = lambda start: comparison.changes(choice, matching, start, size)

    def page(self, number: str | int) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return self._get_page(self._changes(start) if self.count else [], number, self)


@dataclass(frozen=True)
class ShownDifference:
    """A value is None where the field was not there."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class ShownDifferences:
    fields: list[ShownDifference]
    left_out: int


def shown_differences(differences: list[FieldDifference]) -> ShownDifferences:
    fields = [ShownDifference(each.path, _value(each.old), _value(each.new)) for each in differences[:MOST_FIELDS]]
    return ShownDifferences(fields, max(0, len(differences) - MOST_FIELDS))


def shown_json(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, indent=2), _LONGEST_JSON)


def _value(value: Any) -> str | None:
    if value is ABSENT:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return _cut(text if text else '""', _LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"
