"""What the JSON API tells everybody about the Manifest: no sign-in is needed."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from destinyvault.api_errors import failures
from manifest import health

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
