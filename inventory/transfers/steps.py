"""A plan: the calls to Bungie in their order, each with its reason, and what cannot be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from django.db.models import TextChoices


class StepKind(TextChoices):
    """One call each. `character_id` is the character beside the vault, or the one that does it."""

    TO_VAULT = "to_vault", "Into the vault"
    TO_CHARACTER = "to_character", "To the character"
    PULL = "pull", "Out of the postmaster"
    EQUIP = "equip", "Equip"
    EQUIP_MANY = "equip_many", "Equip together"
    LOCK = "lock", "Lock"
    UNLOCK = "unlock", "Unlock"


MOVES = (StepKind.TO_VAULT, StepKind.TO_CHARACTER, StepKind.PULL)
EQUIPS = (StepKind.EQUIP, StepKind.EQUIP_MANY)
LOCKS = (StepKind.LOCK, StepKind.UNLOCK)


class Why(TextChoices):
    WANTED = "wanted", "as asked"
    ROOM = "room", "to make room"
    REPLACEMENT = "replacement", "worn in its place"
    ONE_EXOTIC = "one_exotic", "since only one exotic can be worn"
    SAME_LOCK = "same_lock", "so that its lock stays as it was"


TOUCHES_OTHERS = frozenset((Why.ROOM, Why.REPLACEMENT, Why.ONE_EXOTIC))  # items that nobody asked to have touched


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """`want` is the place of the wish, in the order given, that it is for.

    `bucket_hash`, `max_stack` and `account_wide` are what its definitions say of where the item belongs; with them a
    step says by itself what it changes, when the Manifest is another one.
    """

    kind: StepKind
    want: int
    why: Why
    item_id: str | None
    item_hash: int
    character_id: str
    quantity: int = 1
    item_ids: tuple[str, ...] = ()  # of EQUIP_MANY, exotics last
    bucket_hash: int = 0
    max_stack: int = 1
    account_wide: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """From the row that was made of it."""
        values = {each.name: getattr(row, each.name) for each in fields(cls)}
        return cls(**values | {"item_ids": tuple(row.item_ids), "kind": StepKind(row.kind), "why": Why(row.why)})

    @property
    def moves_other(self) -> bool:
        return self.why in TOUCHES_OTHERS


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wish cannot be met: `code` for programs, `message` a sentence that says what to do."""

    want: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish that is met already has neither steps nor a refusal."""

    steps: tuple[PlannedStep, ...] = ()
    refusals: tuple[Refusal, ...] = field(default=())

    @property
    def moves_others(self) -> bool:
        return any(step.moves_other for step in self.steps)
