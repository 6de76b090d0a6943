"""Where two JSON values differ: pure, for the pages and the API."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

# What one comparison may cost, in steps of about a tenth of a microsecond.
_STEPS = 600_000
_VISIT, _PLACED = 8, 4  # steps for a pair to look into, and for an element to find its place
_LETTERS_PER_STEP = 8

Stretch = tuple[int, int, int, int]  # from and to in the old list, from and to in the new one


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
    """Each as deep inside as it can be found within a bounded time; past that, objects and lists are told whole."""
    comparing = _Comparing()
    comparing.compare("", old, new)
    return comparing.found


class _Comparing:
    def __init__(self) -> None:
        self.found: list[FieldDifference] = []
        self._left = _STEPS

    def compare(self, path: str, old: Any, new: Any) -> None:
        if isinstance(old, dict) and isinstance(new, dict) and self._pays(_VISIT * (len(old) + len(new))):
            for name in [*new, *(name for name in old if name not in new)]:
                self.compare(_below(path, name), old.get(name, ABSENT), new.get(name, ABSENT))
        elif isinstance(old, list) and isinstance(new, list) and self._pays(_PLACED * (len(old) + len(new))):
            self._compare_lists(path, old, new)
        else:
            self._tell(path, old, new)

    def _pays(self, steps: int) -> bool:
        """False once nothing is left: whoever asks then does without."""
        self._left -= steps
        return self._left >= 0

    def _tell(self, path: str, old: Any, new: Any) -> None:
        if not _equal(old, new):
            self.found.append(FieldDifference(path, old, new))

    def _compare_lists(self, path: str, old: list[Any], new: list[Any]) -> None:
        """An element that was put in or taken out does not make every later one differ."""
        texts = [repr(each) for each in old], [repr(each) for each in new]
        if not self._pays(sum(sum(map(len, part)) for part in texts) // _LETTERS_PER_STEP):
            self._tell(path, old, new)
            return
        unlike = self._unlike(*texts)
        if not self._pays(_VISIT * sum(map(_longer, unlike))):
            self._tell(path, old, new)
            return
        for stretch in unlike:
            self._compare_stretch(path, old, new, stretch)

    def _compare_stretch(self, path: str, old: list[Any], new: list[Any], stretch: Stretch) -> None:
        old_start, old_end, new_start, new_end = stretch
        both = min(old_end - old_start, new_end - new_start)
        for step in range(both):
            self.compare(_below(path, new_start + step), old[old_start + step], new[new_start + step])
        for index in range(old_start + both, old_end):
            self._tell(_below(path, index), old[index], ABSENT)
        for index in range(new_start + both, new_end):
            self._tell(_below(path, index), ABSENT, new[index])

    def _unlike(self, old: list[str], new: list[str]) -> list[Stretch]:
        """Where the lists differ; equal ends are left aside first, since most lists have them."""
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
        at_old = at_new = start
        found = []
        for old_start, new_start, size in [*sorted(self._equal_runs(matcher)), (len(matcher.a), len(matcher.b), end)]:
            if (stretch := (at_old, start + old_start, at_new, start + new_start)) != (at_old, at_old, at_new, at_new):
                found.append(stretch)
            at_old, at_new = start + old_start + size, start + new_start + size
        return found

    def _equal_runs(self, matcher: SequenceMatcher) -> Iterator[tuple[int, int, int]]:
        """What get_matching_blocks finds, for half of all steps at most: its work grows with the square of a list."""
        waiting = [(0, len(matcher.a), 0, len(matcher.b))]
        while waiting:
            old_start, old_end, new_start, new_end = waiting.pop()
            cost = sum(_PLACED + len(matcher.b2j.get(text, ())) for text in matcher.a[old_start:old_end])
            if self._left - cost < _STEPS // 2:
                continue
            self._left -= cost
            match = matcher.find_longest_match(old_start, old_end, new_start, new_end)
            if match.size:
                yield tuple(match)
                waiting.append((old_start, match.a, new_start, match.b))
                waiting.append((match.a + match.size, old_end, match.b + match.size, new_end))


def _equal(old: Any, new: Any) -> bool:
    """Not as Python has it, for which 1, 1.0 and True are equal."""
    if type(old) is not type(new) or old != new:
        return False
    return not isinstance(old, dict | list) or json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def _common(old: list[str], new: list[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(old), len(new)))


def _longer(stretch: Stretch) -> int:
    old_start, old_end, new_start, new_end = stretch
    return max(old_end - old_start, new_end - new_start)


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
