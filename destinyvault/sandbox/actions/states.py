"""Locks, and which quest is tracked. Pure: belongings in, changed or Refused."""

from destinyvault.sandbox import facts
from destinyvault.sandbox.actions.moves import FORBIDDEN, NOT_FOUND
from destinyvault.sandbox.belongings import LOCKED, TRACKED, Belongings, Character, Item
from destinyvault.sandbox.envelope import Refused

TRACKABLE = (facts.QUEST_STEP_TYPE, facts.BOUNTY_TYPE)


def set_lock(owned: Belongings, character: Character, instance_id: str, locked: bool) -> None:
    """Chosen: any character may name an item of the vault; what cannot be locked is 1663."""
    item = within_reach(owned, character, instance_id)
    if not item.lockable:
        raise Refused(FORBIDDEN)
    marked(item, LOCKED, locked)


def set_tracked(owned: Belongings, character: Character, instance_id: str, tracked: bool) -> None:
    """Quests and bounties only; anything else is 1663, which is chosen."""
    item = within_reach(owned, character, instance_id)
    if not (item.kind.type in TRACKABLE if item.kind else item.home == facts.QUESTS):
        raise Refused(FORBIDDEN)
    marked(item, TRACKED, tracked)


def within_reach(owned: Belongings, character: Character, instance_id: str) -> Item:
    item = owned.find(instance_id)
    if item is None or item.owner not in ("", character.id):
        raise Refused(NOT_FOUND)
    return item


def marked(item: Item, mark: int, on: bool) -> None:
    item.state = item.state | mark if on else item.state & ~mark
