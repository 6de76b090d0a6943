"""What a person asks for, before anybody knows whether and how it can be done. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

ANYWHERE = ""


class Kind(StrEnum):
    MOVE = "move"
    EQUIP = "equip"  # moves it first where it has to
    LOCK = "lock"
    UNLOCK = "unlock"
    PULL = "pull"  # from the postmaster to the character whose postmaster it is
    ROOM = "room"  # `quantity` free places in the bucket `item_hash` names, on the character `to`
    CONSOLIDATE = "consolidate"  # all of a kind of stack into the one store `to`


@dataclass(frozen=True, slots=True)
class Want:
    """One wish about one item, or about some of a kind of stack.

    An instance is named by `item_id`; of stacks only `item_hash` is given, and `source` says from where: a character's
    id, "vault", "account" (what all characters share), or ANYWHERE. `to` is a character's id, "vault" or, where the
    wish has no destination, empty. `quantity` 0 is all of it. `moved` counts what has arrived already, `on_the_way`
    what has left but not arrived: of one character's stacks, what is in the vault; `pulled` what has come out of the
    postmaster (stacks.counted keeps all three). What is `met` was done, as the job's steps tell: nothing is planned for
    it any more, and its item does not move aside.
    """

    kind: Kind
    item_id: str | None = None
    item_hash: int = 0
    quantity: int = 0
    source: str = ANYWHERE
    to: str = ""
    moved: int = 0
    on_the_way: int = 0
    pulled: int = 0
    met: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """From what `kept` made of it."""
        return cls(**kept | {"kind": Kind(kept["kind"])})

    @property
    def kept(self) -> dict[str, Any]:
        kept = asdict(self) | {"kind": self.kind.value}
        del kept["met"]
        return kept
