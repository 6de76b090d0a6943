"""What the JSON API tells everybody about the Manifest: no sign-in is needed."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import BaseModel, Field

from destinyvault.api_errors import failures
from manifest import choosing, comparing, health
from manifest.changed_rows import Change
from manifest.comparing import Comparison, Kind, NotComparable
from manifest.differences import ABSENT, FieldDifference, field_differences
from manifest.lookup import JsonObject
from manifest.models import Language, Revision
from manifest.showing import ChangePages

router = Router(auth=None)
FAILURES = failures(400, 404, 503)


class LiveReply(BaseModel):
    """`definitions` counts rows; `pinned_at` is set while staff keep this revision whatever Bungie names."""

    language: str
    version: str
    path: str
    definitions: int
    activated_at: datetime
    pinned_at: datetime | None


class CheckReply(BaseModel):
    language: str
    checked_at: datetime | None
    failed: bool
    message: str


class ManifestReply(BaseModel):
    live: list[LiveReply]
    last_check: list[CheckReply]


@router.get("manifest", response={200: ManifestReply, **FAILURES})
def manifest(request: HttpRequest) -> ManifestReply:
    """What is live in each language, and how the last look at Bungie's index went."""
    states = health.state()
    return ManifestReply(
        live=[LiveReply.model_validate(state, from_attributes=True) for state in states if state.version],
        last_check=[
            CheckReply(
                language=state.language,
                checked_at=state.checked_at,
                failed=state.check_failed,
                message=state.check_message,
            )
            for state in states
        ],
    )


class RevisionReply(BaseModel):
    id: int
    version: str
    path: str


class CountsReply(BaseModel):
    added: int
    changed: int
    removed: int


class FieldReply(BaseModel):
    """`old` or `new` is left out where the field was not there, which is something else than null."""

    path: str
    old: Any = None
    new: Any = None


class ChangeReply(BaseModel):
    """`hash`, or `key` in tables that are keyed by text; `fields` of what changed."""

    table: str
    hash: int | None = None
    key: str | None = None
    kind: Kind
    name: str
    icon: str
    fields: list[FieldReply] | None = None


class ChangesReply(BaseModel):
    """`counts` are all of the comparison; `total` and `pages` are of the chosen kind, table and name."""

    language: str
    old: RevisionReply = Field(alias="from")
    new: RevisionReply = Field(alias="to")
    counts: dict[str, CountsReply]
    total: int
    page: int
    pages: int
    changes: list[ChangeReply]


class ChangesQuery(BaseModel):
    """Ids of revisions. Without them: from the kept one before the live one to the live one."""

    old: int | None = Field(None, alias="from", ge=1, lt=2**63)
    new: int | None = Field(None, alias="to", ge=1, lt=2**63)
    language: str = ""
    kind: Kind | None = None
    table: str = ""
    name: str = Field("", max_length=200)
    page: int = Field(1, ge=1)


@router.get("manifest/changes", response={200: ChangesReply, **FAILURES}, by_alias=True)
def changes(request: HttpRequest, asked: Query[ChangesQuery]) -> HttpResponse:
    """What differs between two kept revisions of one language, fifty definitions to a page."""
    try:
        comparison = _compared(request, asked)
        choice = choosing.choice(comparison, asked.kind or "", asked.table, asked.name)
        page = choosing.numbered(ChangePages(comparison, choice, comparison.matching(choice)), asked.page)
    except NotComparable as error:
        raise HttpError(404, str(error)) from error
    bodies = comparing.bodies(page.object_list)
    reply = ChangesReply.model_validate(
        {
            "language": comparison.new.language,
            "from": _revision(comparison.old),
            "to": _revision(comparison.new),
            "counts": {name: CountsReply(**vars(counts)) for name, counts in comparison.counts.items()},
            "total": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "changes": [_change(change, bodies) for change in page.object_list],
        }
    )
    # Written here: only so can a field that was not there be left out.
    return HttpResponse(reply.model_dump_json(by_alias=True, exclude_unset=True), content_type="application/json")


def _compared(request: HttpRequest, asked: ChangesQuery) -> Comparison:
    new = comparing.kept(asked.new) if asked.new else _live(request)
    old = comparing.kept(asked.old) if asked.old else comparing.before(new)
    if old is None:
        raise NotComparable("There is no earlier revision to compare with.")
    return comparing.compare(old.pk, new.pk)


def _live(request: HttpRequest) -> Revision:
    code = choosing.language_of(request)
    found = Language.objects.filter(code=code, live__isnull=False).select_related("live").first()
    if found is None:
        raise NotComparable(f"There is no Manifest in “{code}” yet.")
    return found.live


def _revision(revision: Revision) -> RevisionReply:
    return RevisionReply(id=revision.pk, version=revision.version, path=revision.path)


def _change(change: Change, bodies: dict[int, JsonObject]) -> ChangeReply:
    identity = {"key": change.key} if change.key else {"hash": change.hash}
    more = {"fields": _fields(change, bodies)} if change.kind == Kind.CHANGED else {}
    return ChangeReply(
        table=change.table, kind=Kind(change.kind), name=change.name, icon=change.icon, **identity, **more
    )


def _fields(change: Change, bodies: dict[int, JsonObject]) -> list[FieldReply]:
    """None where a revision was pruned in the moment between two queries."""
    differences = field_differences(bodies.get(change.old_id, {}), bodies.get(change.new_id, {}))
    return [FieldReply(path=each.path, **_values(each)) for each in differences]


def _values(difference: FieldDifference) -> dict[str, Any]:
    values = {"old": difference.old, "new": difference.new}
    return {name: value for name, value in values.items() if value is not ABSENT}
