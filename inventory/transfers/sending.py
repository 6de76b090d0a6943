"""One step as the one call to Bungie that it is."""

from __future__ import annotations

from accounts.models import Membership
from destinyvault.bungie import client
from destinyvault.bungie.enums import PlatformError

from .models import Step
from .steps import StepKind

NOT_TOLD = PlatformError.DestinyUnexpectedError.value


def send(step: Step, membership: Membership, token: str) -> dict[str, int]:
    """Of items equipped together, Bungie's code by instance id; else nothing. Raises BungieError."""
    who = membership.membership_type, membership.account.membership_id
    kind, character = StepKind(step.kind), step.character_id
    match kind:
        case StepKind.TO_VAULT | StepKind.TO_CHARACTER:
            to_vault = kind == StepKind.TO_VAULT
            client.transfer_item(*who, character, step.item_hash, step.item_id, step.quantity, to_vault, token)
        case StepKind.PULL:
            client.pull_from_postmaster(*who, character, step.item_hash, step.item_id, step.quantity, token)
        case StepKind.EQUIP:
            client.equip_item(*who, character, step.item_id, token)
        case StepKind.LOCK | StepKind.UNLOCK:
            client.set_lock_state(*who, character, step.item_id, kind == StepKind.LOCK, token)
        case StepKind.EQUIP_MANY:
            return _outcomes(step.item_ids, client.equip_items(*who, character, step.item_ids, token))
    return {}


def _outcomes(item_ids: list[str], answer: object) -> dict[str, int]:
    """What Bungie does not tell of did not work: the next profile shows whether it did."""
    results = answer.get("equipResults") if isinstance(answer, dict) else None
    told = {
        str(each.get("itemInstanceId")): each.get("equipStatus") for each in results or [] if isinstance(each, dict)
    }
    return {each: told[each] if isinstance(told.get(each), int) else NOT_TOLD for each in item_ids}
