"""The API of the game's definitions, open to everybody: one definition, and the search over all items."""

import re
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import BaseModel, Field, JsonValue

from destinyvault.api_errors import failures
from destinyvault.bungie.enums import ClassType
from manifest import lookup
from manifest.lookup import ItemSummary, Live
from manifest.models import Language
from manifest.search import Found, Results, search

PAGE = 25
CLASSES = {kind: kind.name.lower() for kind in ClassType if kind != ClassType.ANY}
router = Router(auth=None)
FAILURES = failures(400, 404, 503)
_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)


class SourceReply(BaseModel):
    version: str
    language: str


class DefinitionReply(BaseModel):
    """`definition` is Bungie's own JSON. `hash` is null in a table that is keyed by text, else `key` is."""

    manifest: SourceReply
    table: str
    hash: int | None
    key: str | None
    definition: dict[str, JsonValue]


class ItemReply(BaseModel):
    """`class` is titan, hunter, warlock, or null for all of them."""

    hash: int
    name: str
    type: str
    tier: str
    class_name: str | None = Field(serialization_alias="class")
    icon: str
    watermark: str
    redacted: bool
    description: str


class ArmoryReply(BaseModel):
    """`count` is of all pages, and 1000 where there are more."""

    manifest: SourceReply
    count: int
    page: int
    items: list[ItemReply]


@router.get("definitions/{table}/{path:identity}", response={200: DefinitionReply, **FAILURES})
def definition(request: HttpRequest, table: str, identity: str, language: str = "") -> DefinitionReply:
    """One definition by its hash (as the API writes it, or signed as in content files) or text key."""
    live = _live(request, language)
    table, identity = table.replace("\0", "?"), identity.replace("\0", "?")  # no name in Postgres holds a NUL
    for key in _keys(identity):
        body = lookup.definition(live, table, key)
        if body is not None:
            hash_, text = (None, key) if isinstance(key, str) else (key, None)
            return DefinitionReply(manifest=_source(live), table=table, hash=hash_, key=text, definition=body)
    raise HttpError(404, f"The Manifest ({live.language}, {live.version}) has no “{identity}” in “{table}”.")


@router.get("armory", response={200: ArmoryReply, **FAILURES}, by_alias=True)
def armory(
    request: HttpRequest, q: str = "", page: Annotated[int, Query(ge=1, le=1000)] = 1, language: str = ""
) -> ArmoryReply:
    """Search all items by the beginnings of words in their name, type, tier, class or text, or by hash; 25 a page."""
    live = _live(request, language)
    results = found(live, q, page)
    items = [_item(each) for each in results.found]
    return ArmoryReply(manifest=_source(live), count=results.count, page=page, items=items)


def found(live: Live, text: str, page: int) -> Results:
    """A number that is the hash of an item finds that item, anything else what has its words."""
    return _by_hash(live, text.strip()) or search(live, text, limit=PAGE, offset=(page - 1) * PAGE)


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def class_name(item: ItemSummary) -> str | None:
    return CLASSES.get(item.class_type)


def _live(request: HttpRequest, language: str) -> Live:
    live = lookup.live(language.replace("\0", "") or request.manifest_language())
    if live is None:
        raise HttpError(503, "This site has no Manifest yet. It is being fetched; try again in a few minutes.")
    if language and live.language != language:
        kept = Language.objects.filter(live__isnull=False).order_by("code").values_list("code", flat=True)
        raise HttpError(404, f"This site keeps no Manifest in “{language}”; it has {', '.join(kept)}.")
    return live


def _by_hash(live: Live, text: str) -> Results | None:
    hash_ = _keys(text)[0]
    item = lookup.items(live, [hash_]).get(hash_) if isinstance(hash_, int) else None
    return Results([Found(item, "")], 1) if item else None


def _keys(identity: str) -> list[int | str]:
    """What the last part of the address may mean."""
    hash_ = int(identity) if _NUMBER.fullmatch(identity) else None
    return [identity] if hash_ is None or not -(1 << 31) <= hash_ < 1 << 32 else [hash_ & 0xFFFFFFFF, identity]


def _source(live: Live) -> SourceReply:
    return SourceReply(version=live.version, language=live.language)


def _item(found: Found) -> ItemReply:
    item = found.item
    return ItemReply(
        hash=item.hash,
        name=item.name,
        type=item.type_name,
        tier=item.tier_name,
        class_name=class_name(item),
        icon=item.icon,
        watermark=item.watermark,
        redacted=item.redacted,
        description=found.description,
    )
