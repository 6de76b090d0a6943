"""Where two JSON values differ: pure, for the pages and the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

_MOST_COMPARED = 2_000  # elements of a list that are matched with each other; the work grows with their square


class Absent(Enum):
    """In place of a value: the field is not there, which is something else than null."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class FieldDifference:
    """`path` is dotted, with the indexes of lists (those of the new one, of an element that is gone the old one's)."""

    path: str
    old: Any
    new: Any


def field_differences(old: Any, new: Any) -> list[FieldDifference]:
    return list(_differences("", old, new))


def _differences(path: str, old: Any, new: Any) -> Iterator[FieldDifference]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_objects(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new)
    elif not _equal(old, new):
        yield FieldDifference(path, old, new)


def _equal(old: Any, new: Any) -> bool:
    return old == new and isinstance(old, bool) == isinstance(new, bool)  # in Python, 1 is True


def _of_objects(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[FieldDifference]:
    for name in [*new, *(name for name in old if name not in new)]:
        yield from _differences(_below(path, name), old.get(name, ABSENT), new.get(name, ABSENT))


def _of_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[FieldDifference]:
    """An element that was put in or taken out does not make every later one differ."""
    for old_start, old_end, new_start, new_end in _unlike(old, new):
        both = min(old_end - old_start, new_end - new_start)
        for step in range(both):
            yield from _differences(_below(path, new_start + step), old[old_start + step], new[new_start + step])
        for index in range(old_start + both, old_end):
            yield FieldDifference(_below(path, index), old[index], ABSENT)
        for index in range(new_start + both, new_end):
            yield FieldDifference(_below(path, index), ABSENT, new[index])


def _unlike(old: list[Any], new: list[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of both lists that are not the same; equal ends are left aside first, since most lists have them."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(map(len, middle)) > _MOST_COMPARED:
        yield start, len(old) - end, start, len(new) - end
        return
    matcher = SequenceMatcher(None, *([repr(each) for each in part] for part in middle), autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield start + old_start, start + old_end, start + new_start, start + new_end


def _common(old: list[Any], new: list[Any]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (one, other) in pairs if repr(one) != repr(other)), min(len(old), len(new)))


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
