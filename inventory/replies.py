"""What the JSON API answers (DESIGN.md, "JSON API"). Ids are strings: they do not fit into a JavaScript number."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from accounts.models import Membership, Preferences, User

from .reading import Reading
from .vault import Guardian, OwnedCurrency, OwnedItem


class MembershipReply(BaseModel):
    type: int
    id: str
    platform: str
    name: str
    chosen: bool


class PreferencesReply(BaseModel):
    language: str
    theme: str
    sort: str
    tile_size: int
    move_others: bool
    folded: list[str]


class MeReply(BaseModel):
    name: str
    memberships: list[MembershipReply]
    preferences: PreferencesReply


class ManifestReply(BaseModel):
    version: str
    language: str


class CharacterReply(BaseModel):
    id: str
    class_name: str = Field(serialization_alias="class")
    race: str
    power: int
    emblem: str
    last_played: datetime | None


class VaultReply(BaseModel):
    used: int
    capacity: int


class BucketReply(BaseModel):
    hash: int
    name: str


class ItemReply(BaseModel):
    id: str | None
    hash: int
    quantity: int
    name: str
    type: str
    tier: str
    class_name: str | None = Field(serialization_alias="class")
    bucket: BucketReply
    location: str
    owner: str | None
    equipped: bool
    power: int | None
    element: str | None
    locked: bool
    masterwork: bool
    crafted: bool
    classified: bool
    known: bool
    transferable: bool
    icon: str


class CurrencyReply(BaseModel):
    hash: int
    name: str
    quantity: int
    icon: str


class InventoryReply(BaseModel):
    """`manifest` is null until this site has one; `missing` names what Bungie did not send, and why.

    `kept` has those of the missing whose last known data is here all the same, and when that was made.
    """

    membership_id: str
    minted_at: datetime
    stale: bool
    missing: dict[str, str]
    kept: dict[str, datetime]
    manifest: ManifestReply | None
    characters: list[CharacterReply]
    vault: VaultReply
    currencies: list[CurrencyReply]
    items: list[ItemReply]


def me(user: User, memberships: list[Membership], preferences: Preferences) -> MeReply:
    return MeReply(
        name=str(user),
        memberships=[_membership(each) for each in memberships],
        preferences=PreferencesReply.model_validate(preferences, from_attributes=True),
    )


def inventory(reading: Reading) -> InventoryReply:
    vault, live, seen = reading.vault, reading.live, reading.seen
    return InventoryReply(
        membership_id=seen.player.membership.membership_id,
        minted_at=seen.minted_at,
        stale=bool(seen.trouble),
        missing=seen.profile.missing | {name: each.why for name, each in seen.kept.items()},
        kept={name: each.minted_at for name, each in seen.kept.items()},
        manifest=ManifestReply(version=live.version, language=live.language) if live else None,
        characters=[_character(each) for each in vault.characters],
        vault=VaultReply(used=vault.used, capacity=vault.capacity),
        currencies=[_currency(each) for each in vault.currencies],
        items=[_item(each) for each in vault.items],
    )


def _membership(each: Membership) -> MembershipReply:
    return MembershipReply(
        type=each.membership_type,
        id=each.membership_id,
        platform=each.platform,
        name=each.full_name,
        chosen=each.chosen,
    )


def _character(guardian: Guardian) -> CharacterReply:
    return CharacterReply(
        id=guardian.id,
        class_name=guardian.class_name,
        race=guardian.race,
        power=guardian.power,
        emblem=guardian.emblem,
        last_played=guardian.last_played,
    )


def _currency(currency: OwnedCurrency) -> CurrencyReply:
    return CurrencyReply(hash=currency.hash, name=currency.name, quantity=currency.quantity, icon=currency.icon)


def _item(item: OwnedItem) -> ItemReply:
    return ItemReply(
        id=item.id,
        hash=item.hash,
        quantity=item.quantity,
        name=item.name,
        type=item.type_name,
        tier=item.tier_name,
        class_name=item.class_name or None,
        bucket=BucketReply(hash=item.bucket_hash, name=item.bucket_name),
        location=item.location,
        owner=item.owner,
        equipped=item.equipped,
        power=item.power,
        element=item.element or None,
        locked=item.locked,
        masterwork=item.masterwork,
        crafted=item.crafted,
        classified=item.classified,
        known=item.known,
        transferable=item.transferable,
        icon=item.icon,
    )
