"""What Bungie's refusals mean for a job (CONTRACT.md of the game's interface, "Moves"). Pure."""

from __future__ import annotations

from enum import Enum
from typing import Any

from destinyvault.bungie.enums import PlatformError as Code
from destinyvault.bungie.errors import ANSWER_LOST, TROUBLE, BungieError, OutcomeUnknown, Refused, class_for

from .steps import EQUIPS, MOVES, StepKind

FURTHER_TRIES = 3


class Verdict(Enum):
    LOOK = "the world is another one than we knew: read it, then plan again"
    TROUBLE = "Bungie tripped: read the world, then plan again; where that goes on, wait"
    FULL = "there is no room: make some"
    WORN = "it is worn: put something else on first"
    ACTIVITY = "the character is where nothing can be changed: the rest goes on, this waits"
    CONSENT = "the person has to allow it at Bungie"
    LATER = "said of one item of several, and not about the item: the same call is good again later"
    NO_ANSWER = "whether it happened was read since: it did not, and may be sent again"
    FINAL = "no, and no again"


_VERDICTS = {
    Code.DestinyAccountNotFound: Verdict.LOOK,
    Code.DestinyCharacterNotFound: Verdict.LOOK,
    Code.DestinyItemNotFound: Verdict.LOOK,
    Code.DestinyItemUniqueEquipRestricted: Verdict.LOOK,
    Code.DestinyInventoryFull: Verdict.FULL,
    Code.DestinyNoRoomInDestination: Verdict.FULL,
    Code.DestinyCannotPerformActionOnEquippedItem: Verdict.WORN,
    Code.DestinyItemUnequippable: Verdict.ACTIVITY,
    Code.DestinyCannotPerformActionAtThisLocation: Verdict.ACTIVITY,
    Code.DestinyPrivacyRestriction: Verdict.CONSENT,
    Code.DestinyActionInsufficientPrivileges: Verdict.CONSENT,
    **dict.fromkeys(TROUBLE, Verdict.TROUBLE),
    **dict.fromkeys(ANSWER_LOST, Verdict.NO_ANSWER),
}
WAITS = frozenset((Verdict.ACTIVITY, Verdict.CONSENT, Verdict.LATER))  # what is waited for uses up no tries
NO_SUCH_PLAYER = (Code.DestinyAccountNotFound, Code.DestinyCharacterNotFound)
_WORDS = {
    Code.DestinyAccountNotFound: "Bungie does not find the account that you play",
    Code.DestinyCharacterNotFound: "Bungie does not find the character",
    Code.DestinyVendorNotFound: "the vault has no slot for it",
    Code.DestinyItemNotFound: "Bungie does not find the item where it was",
    Code.DestinyNoRoomInDestination: "there is no room for it",
    Code.DestinyInventoryFull: "there is no room for it",
    Code.DestinyItemFailedLevelCheck: "the character's level is too low for it",
    Code.DestinyItemFailedUnlockCheck: "the character has not unlocked it",
    Code.DestinyItemUniqueEquipRestricted: "another exotic is worn",
    Code.DestinyUniquenessViolation: "there is one already, and only one can be there",
    Code.DestinyCannotPerformActionOnEquippedItem: "it is worn",
    Code.DestinyItemNotTransferrable: "it cannot be moved",
    Code.DestinyItemActionForbidden: "the game does not allow it",
    Code.DestinyItemNotTransferrableHasSideEffects: "pulling it would do more than that: collect it in the game",
    Code.DestinyCharacterNotInTower: "the character has to be in the Tower for it",
    Code.DestinyCannotPerformActionAtThisLocation: "the character is in an activity that allows no change",
    Code.DestinyItemUnequippable: "the character is in an activity that allows no change",
    **dict.fromkeys(TROUBLE, "it has trouble of its own"),
}
_TO_WEAR = {Code.DestinyUniquenessViolation: "only one such item can be worn at a time"}
_IN_VAIN = {
    Code.DestinyNoRoomInDestination: ", and none could be made",
    Code.DestinyInventoryFull: ", and none could be made",
    Code.DestinyItemUniqueEquipRestricted: ", and could not be taken off",
    Code.DestinyCannotPerformActionOnEquippedItem: ", and could not be taken off",
}


def verdict(code: int) -> Verdict:
    if code in _VERDICTS:
        return _VERDICTS[code]
    return Verdict.FINAL if class_for(code, write=True) in (Refused, OutcomeUnknown) else Verdict.LATER


def tells_nothing(code: int, step: Any) -> bool:
    """Where Bungie only tripped, an instance shows by its place whether it was moved; of a stack only the amount does,
    so that such a call is settled as one whose answer was lost before its amount is sent again."""
    return code in TROUBLE and step.kind in MOVES and step.item_id is None


def sentence(code: int, kind: StepKind) -> str:
    """What a refusal of a step of that kind means, whatever is done about it next."""
    return f"Bungie refused: {_words(code, kind)}."


def last_word(code: int, kind: StepKind, said: str) -> str:
    """The same where nothing more is done about it, with Bungie's own words where it sent some."""
    words = _words(code, kind) + _IN_VAIN.get(code, "")
    return f"Bungie refused: {words}." + (f" Bungie's words: {said}" if said else "")


def _words(code: int, kind: StepKind) -> str:
    to_wear = _TO_WEAR.get(code) if kind in EQUIPS else None
    return to_wear or _WORDS.get(code, "not at this time" if verdict(code) in WAITS else "it cannot be done")


def said(error: BungieError) -> str:
    return error.message or error.status
