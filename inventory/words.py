"""The game's own words for buckets, classes, races, elements and stats, in one Manifest language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from destinyvault.bungie.enums import BucketScope
from manifest.lookup import Live, tables
from manifest.tables import BUCKETS, CLASSES, ELEMENTS, RACES, STATS

Definitions = Mapping[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Bucket:
    """`name` is empty for those that the game never shows by name; `capacity` 0 where there is no limit to show."""

    hash: int
    name: str
    category: int
    order: int
    capacity: int
    location: int
    account_wide: bool


@dataclass(frozen=True)
class Words:
    buckets: Mapping[int, Bucket]
    classes: Definitions
    races: Definitions
    elements: Definitions
    class_names: Mapping[int, str]
    element_names: Mapping[int, str]
    stats: Definitions

    def class_of(self, class_hash: int, gender_hash: int) -> str:
        definition = self.classes.get(class_hash, {})
        gendered = definition.get("genderedClassNamesByGenderHash") or {}
        return gendered.get(str(gender_hash)) or display(definition, "name")

    def race_of(self, race_hash: int) -> str:
        return display(self.races.get(race_hash, {}), "name")

    def element_of(self, damage_type_hash: int, damage_type: int) -> str:
        named = display(self.elements.get(damage_type_hash, {}), "name")
        return named or self.element_names.get(damage_type, "")


@lru_cache(maxsize=32)
def words_of(live: Live) -> Words:
    """Recent per live revision in each process: a revision's definitions never change, the next one is another key."""
    return make_words(*tables(live, BUCKETS, CLASSES, RACES, ELEMENTS, STATS).values())


def make_words(
    buckets: Definitions, classes: Definitions, races: Definitions, elements: Definitions, stats: Definitions
) -> Words:
    return Words(
        buckets={bucket_hash: _bucket(bucket_hash, definition) for bucket_hash, definition in buckets.items()},
        classes=classes,
        races=races,
        elements=elements,
        class_names=_by_number(classes.values(), "classType"),
        element_names=_by_number(elements.values(), "enumValue"),
        stats=stats,
    )


def display(definition: Mapping[str, Any], field: str) -> str:
    return (definition.get("displayProperties") or {}).get(field) or ""


def _by_number(definitions: Iterable[dict[str, Any]], field: str) -> dict[int, str]:
    return {definition[field]: display(definition, "name") for definition in definitions if field in definition}


def _bucket(bucket_hash: int, definition: dict[str, Any]) -> Bucket:
    return Bucket(
        hash=bucket_hash,
        name=display(definition, "name"),
        category=definition.get("category", 0),
        order=definition.get("bucketOrder", 0),
        capacity=definition.get("itemCount", 0),
        location=definition.get("location", 0),
        account_wide=definition.get("scope") == BucketScope.ACCOUNT,
    )


NO_WORDS = make_words({}, {}, {}, {}, {})  # while there is no Manifest yet
