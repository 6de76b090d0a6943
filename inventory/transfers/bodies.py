"""What a program sends to have something done. Every field is taken at its word: nothing is guessed or left unread."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from .asking import MOST_PIECES, STORES_ONLY, Asked
from .orders import Reference, meant
from .wants import ANYWHERE

ID = r"^[0-9]{1,20}$"
SOURCE = r"^(vault|account|[0-9]{1,20})$"
DESTINATION = r"^(vault|[0-9]{1,20})$"

WRONG_ID = "an id is a string of up to 20 digits, in quotation marks: as a number it would lose its last digits"
WRONG_SOURCE = "a source is “vault”, “account” or the id of one of your characters, as a string"
WRONG_DESTINATION = "say “vault” or the id of one of your characters, as a string"
BOTH_OR_NEITHER = "Name each item either by item_id or, a stack, by item_hash."
ONE_OR_MANY = "Name one item beside “action”, or several in “items”, not both."
NOT_WITH_MANY = "With “items” the quantity and the source stand beside each item."
ALL_OF_IT = "“{}” is about all that a character has: leave the quantity and the source away."
EQUIP_WHAT = "“equip” goes with the action move alone."


def _text(pattern: str, sentence: str) -> Any:
    """Pydantic's own word for what does not fit is the pattern, which is for the document."""
    fits = re.compile(pattern, re.ASCII).fullmatch

    def check(value: object) -> object:
        if value is not None and not (isinstance(value, str) and fits(value)):
            raise PydanticCustomError("text", sentence)
        return value

    return Annotated[str, Field(pattern=pattern), BeforeValidator(check)]


ItemId, Source, Destination = _text(ID, WRONG_ID), _text(SOURCE, WRONG_SOURCE), _text(DESTINATION, WRONG_DESTINATION)
Hash = Annotated[int, Field(ge=1, lt=2**32, strict=True)]
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES, strict=True)]
Choice = Annotated[bool, Field(strict=True)]


class Named(BaseModel):
    """An instance by `item_id`, or pieces of a stack by `item_hash`, wherever they are or from one `source`.

    Without a `quantity` it is all of it; of stacks, what lies at a postmaster only with its character as `source`.
    """

    model_config = ConfigDict(extra="forbid")

    item_id: ItemId | None = None
    item_hash: Hash | None = None
    quantity: Pieces | None = None
    source: Source | None = None

    @property
    def reference(self) -> Reference:
        return Reference(self.item_id, self.item_hash or 0, self.source or ANYWHERE, self.quantity or 0)


class ItemBody(Named):
    @model_validator(mode="after")
    def named_once(self) -> Self:
        if (self.item_id is None) == (self.item_hash is None):
            raise PydanticCustomError("item", BOTH_OR_NEITHER)
        return self


class TransferBody(Named):
    """What to do with which items. `to` is "vault" or the id of a character.

    `move_others` false never moves an item aside that was not asked for; left away, it is as the person prefers.
    """

    action: Literal["move", "equip", "lock", "unlock", "pull", "collect", "room", "consolidate"] = "move"
    items: list[ItemBody] | None = None
    to: Destination | None = None
    equip: Choice = False
    move_others: Choice | None = None

    @model_validator(mode="after")
    def makes_one_wish(self) -> Self:
        if sentence := self._wrong():
            raise PydanticCustomError("wish", sentence)
        return self

    def asked(self, key: str) -> Asked:
        items = [self] if self.items is None and (self.item_id or self.item_hash) else self.items or []
        return Asked(
            meant(self.action, equip=self.equip),
            [each.reference for each in items],
            self.to or "",
            self.move_others,
            key,
        )

    def _wrong(self) -> str:
        if self.equip and self.action not in ("move", "equip"):
            return EQUIP_WHAT
        if self.item_id is not None and self.item_hash is not None:
            return BOTH_OR_NEITHER
        is_narrowed = self.quantity is not None or self.source is not None
        if self.items is None:
            return ALL_OF_IT.format(self.action) if is_narrowed and self.action in STORES_ONLY else ""
        if self.item_id is not None or self.item_hash is not None:
            return ONE_OR_MANY
        return NOT_WITH_MANY if is_narrowed else ""
