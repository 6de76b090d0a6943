"""Every call to Bungie.net, by plain functions; only this module speaks HTTP to it.

Reads are repeated a few times where that is worth it. Writes are sent once: a repeated transfer is not harmless.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from django.utils import timezone
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager

from . import answers, budget, clock, deadline, replies
from .addresses import character_body, character_path, item_body, number, profile_path, wanted
from .answers import typed
from .budget import Asker
from .enums import MembershipType
from .errors import BungieDown, BungieError, OutcomeUnknown, SiteRefused
from .patience import patiently
from .replies import BungieUser, LinkedMembership, ManifestIndex, Tokens

log = logging.getLogger("destinyvault.bungie")

CONNECT_SECONDS = 4
READ_SECONDS = 15
TOKEN_SECONDS = 8  # short: a row lock is held meanwhile
ACTION_SECONDS = 10  # connection and whole reply together: afterwards another worker may take over the account
CONTENT_SECONDS = 30  # between two chunks, not for the whole file
CHUNK = 1 << 18
FOR_THE_OWNER = (
    "BUNGIE_API_KEY, BUNGIE_CLIENT_ID and BUNGIE_CLIENT_SECRET have to be those of the application's page at "
    "Bungie.net, and that page has to allow reading, moving and equipping items."
)


@dataclass
class Content:
    """A content file on its way: iterate over it for its bytes."""

    length: int | None
    _chunks: Iterator[bytes] = field(repr=False)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._chunks
        except requests.RequestException:
            raise BungieDown(message="The download broke off.") from None


# Sign-in


def authorize_url(state: str) -> str:
    # No scope and no redirect_uri: both are fixed in Bungie's application portal.
    query = {"client_id": settings.BUNGIE_CLIENT_ID, "response_type": "code", "state": state}
    return f"{settings.BUNGIE_ROOT}/en/OAuth/Authorize?{urlencode(query)}"


def exchange_code(code: str) -> Tokens:
    return _token("ExchangeCode", grant_type="authorization_code", code=code)


def refresh_tokens(refresh_token: str) -> Tokens:
    return _token("RefreshTokens", grant_type="refresh_token", refresh_token=refresh_token)


def current_user_memberships(access_token: str) -> dict[str, Any]:
    return _read("GetMembershipsForCurrentUser", "/User/GetMembershipsForCurrentUser/", access_token=access_token)


def bungie_user(membership_id: str) -> BungieUser:
    body = _read("GetBungieNetUserById", f"/User/GetBungieNetUserById/{number(membership_id)}/")
    return typed(replies.bungie_user, body)


def linked_profiles(bungie_membership_id: str, access_token: str) -> tuple[LinkedMembership, ...]:
    path = f"{profile_path(MembershipType.BUNGIE, bungie_membership_id)}LinkedProfiles/"
    body = _read("GetLinkedProfiles", path, {"getAllMemberships": "true"}, access_token)
    return typed(replies.linked_memberships, body)


# The Manifest


def manifest_index() -> ManifestIndex:
    return typed(replies.manifest_index, _read("GetDestinyManifest", "/Destiny2/Manifest/"))


def definition(table: str, definition_hash: int) -> dict[str, Any]:
    if not table.isalnum():
        raise ValueError(f"{table!r} is not the name of a table")
    return _read("GetDestinyEntityDefinition", f"/Destiny2/Manifest/{table}/{number(definition_hash)}/")


@contextmanager
def open_content(path: str) -> Iterator[Content]:
    """A file below BUNGIE_ROOT, streamed; raises BungieDown with the HTTP status where there is none."""
    if not path.startswith("/"):
        raise BungieDown(message="Bungie.net named a content path outside its own site.")
    with _turn("content", Asker()):
        reply = _send("GET", settings.BUNGIE_ROOT + path, timeout=CONTENT_SECONDS, stream=True)
        if reply.status_code != 200:
            reply.close()
            raise BungieDown(message="Bungie.net does not serve this content file.", http_status=reply.status_code)
    with reply:
        length = reply.headers.get("Content-Length", "")
        yield Content(int(length) if length.isdigit() else None, reply.iter_content(CHUNK))


# What a player owns. `account_id` here and below is the Bungie.net account whose token it is: Bungie counts by that,
# whichever platforms the person plays on.


def profile(
    membership_type: int,
    membership_id: str,
    components: Iterable[int],
    access_token: str | None = None,
    account_id: str = "",
) -> dict[str, Any]:
    path = profile_path(membership_type, membership_id)
    return _read("GetProfile", path, wanted(components), access_token, account_id)


def character(
    membership_type: int,
    membership_id: str,
    character_id: str,
    components: Iterable[int],
    access_token: str | None = None,
    account_id: str = "",
) -> dict[str, Any]:
    path = character_path(membership_type, membership_id, character_id)
    return _read("GetCharacter", path, wanted(components), access_token, account_id)


def item(
    membership_type: int,
    membership_id: str,
    instance_id: str,
    components: Iterable[int],
    access_token: str | None = None,
    account_id: str = "",
) -> dict[str, Any]:
    path = f"{profile_path(membership_type, membership_id)}Item/{number(instance_id)}/"
    return _read("GetItem", path, wanted(components), access_token, account_id)


# Vendors and the service itself


def vendors(
    membership_type: int,
    membership_id: str,
    character_id: str,
    components: Iterable[int],
    access_token: str,
    account_id: str = "",
) -> dict[str, Any]:
    path = f"{character_path(membership_type, membership_id, character_id)}Vendors/"
    return _read("GetVendors", path, wanted(components), access_token, account_id)


def vendor(
    membership_type: int,
    membership_id: str,
    character_id: str,
    vendor_hash: int,
    components: Iterable[int],
    access_token: str,
    account_id: str = "",
) -> dict[str, Any]:
    path = f"{character_path(membership_type, membership_id, character_id)}Vendors/{number(vendor_hash)}/"
    return _read("GetVendor", path, wanted(components), access_token, account_id)


def public_vendors(components: Iterable[int]) -> dict[str, Any]:
    return _read("GetPublicVendors", "/Destiny2/Vendors/", wanted(components))


def common_settings() -> dict[str, Any]:
    return _read("GetCommonSettings", "/Settings/")


def global_alerts() -> list[dict[str, Any]]:
    return _read("GetGlobalAlerts", "/GlobalAlerts/", expect=list)


# Writes


def transfer_item(
    membership_type: int,
    account_id: str,
    character_id: str,
    item_hash: int,
    item_id: str | None,
    quantity: int,
    to_vault: bool,
    access_token: str,
) -> None:
    """Between a character and the vault; `item_id` None is a stack. `character_id` is the one beside the vault."""
    body = item_body(membership_type, character_id, item_id, itemReferenceHash=item_hash, stackSize=quantity)
    _write("TransferItem", "Items/TransferItem", {**body, "transferToVault": to_vault}, account_id, access_token)


def pull_from_postmaster(
    membership_type: int,
    account_id: str,
    character_id: str,
    item_hash: int,
    item_id: str | None,
    quantity: int,
    access_token: str,
) -> None:
    body = item_body(membership_type, character_id, item_id, itemReferenceHash=item_hash, stackSize=quantity)
    _write("PullFromPostmaster", "Items/PullFromPostmaster", body, account_id, access_token)


def equip_item(membership_type: int, account_id: str, character_id: str, item_id: str, access_token: str) -> None:
    body = item_body(membership_type, character_id, item_id)
    _write("EquipItem", "Items/EquipItem", body, account_id, access_token)


def equip_items(
    membership_type: int, account_id: str, character_id: str, item_ids: Iterable[str], access_token: str
) -> dict[str, Any]:
    """Answers with an `equipStatus` per item, under an envelope that says success."""
    body = {**character_body(membership_type, character_id), "itemIds": [number(each) for each in item_ids]}
    return _write("EquipItems", "Items/EquipItems", body, account_id, access_token)


def set_lock_state(
    membership_type: int, account_id: str, character_id: str, item_id: str, locked: bool, access_token: str
) -> None:
    body = item_body(membership_type, character_id, item_id, state=locked)
    _write("SetLockState", "Items/SetLockState", body, account_id, access_token)


def set_tracked_state(
    membership_type: int, account_id: str, character_id: str, item_id: str, tracked: bool, access_token: str
) -> None:
    body = item_body(membership_type, character_id, item_id, state=tracked)
    _write("SetTrackedState", "Items/SetTrackedState", body, account_id, access_token, slowly=True)


def equip_loadout(membership_type: int, account_id: str, character_id: str, index: int, access_token: str) -> None:
    _loadout("EquipLoadout", membership_type, account_id, character_id, access_token, loadoutIndex=index)


def clear_loadout(membership_type: int, account_id: str, character_id: str, index: int, access_token: str) -> None:
    _loadout("ClearLoadout", membership_type, account_id, character_id, access_token, loadoutIndex=index)


def snapshot_loadout(
    membership_type: int,
    account_id: str,
    character_id: str,
    index: int,
    color_hash: int,
    icon_hash: int,
    name_hash: int,
    access_token: str,
) -> None:
    look = {"colorHash": color_hash, "iconHash": icon_hash, "nameHash": name_hash}
    _loadout("SnapshotLoadout", membership_type, account_id, character_id, access_token, loadoutIndex=index, **look)


def update_loadout_identifiers(
    membership_type: int,
    account_id: str,
    character_id: str,
    index: int,
    color_hash: int,
    icon_hash: int,
    name_hash: int,
    access_token: str,
) -> None:
    look = {"colorHash": color_hash, "iconHash": icon_hash, "nameHash": name_hash}
    who = membership_type, account_id, character_id, access_token
    _loadout("UpdateLoadoutIdentifiers", *who, loadoutIndex=index, **look)


def _loadout(
    operation: str, membership_type: int, account_id: str, character_id: str, access_token: str, **more: Any
) -> None:
    body = {**character_body(membership_type, character_id), **more}
    _write(operation, f"Loadouts/{operation}", body, account_id, access_token, slowly=True)


# The door


def _read(
    operation: str,
    path: str,
    query: dict[str, str] | None = None,
    access_token: str | None = None,
    account_id: str = "",
    expect: type = dict,
) -> Any:
    asker = Asker(account_id if access_token else "")

    def attempt() -> Any:
        answer = _call(operation, asker, "GET", path, timeout=READ_SECONDS, access_token=access_token, params=query)
        if not isinstance(answer, expect):
            raise BungieDown(message="Bungie.net sent an answer of an unknown form.")
        return answer

    return patiently(attempt)


def _write(
    operation: str, action: str, body: dict[str, Any], account_id: str, access_token: str, *, slowly: bool = False
) -> Any:
    """Sent once, whatever comes back. NotYet says that it was not sent, nor will be: the account's turn is far off."""
    asker = Asker(number(account_id), budget.ACTION_PATIENCE, acts=True, slowly=slowly)
    path = f"/Destiny2/Actions/{action}/"
    return _call(operation, asker, "POST", path, timeout=ACTION_SECONDS, access_token=access_token, json=body)


def _token(operation: str, **form: str) -> Tokens:
    # Never repeated by itself: codes and refresh tokens are good for one use.
    form |= {"client_id": settings.BUNGIE_CLIENT_ID, "client_secret": settings.BUNGIE_CLIENT_SECRET}
    url = f"{settings.BUNGIE_ROOT}/Platform/App/OAuth/token/"
    with _turn(operation, Asker(patience=budget.TOKEN_PATIENCE)):
        reply = _send("POST", url, timeout=TOKEN_SECONDS, data=form)
        return answers.token_reply(reply.status_code, reply.content)


def _call(operation: str, asker: Asker, method: str, path: str, **request: Any) -> Any:
    send = _send_action if asker.acts else _send
    with _turn(operation, asker):
        sent_at = timezone.now()
        reply = send(method, f"{settings.BUNGIE_ROOT}/Platform{path}", **request)
        clock.noticed(reply.headers.get("Date"), sent_at)
        return answers.response(reply.status_code, reply.content, write=asker.acts)


@contextmanager
def _turn(operation: str, asker: Asker) -> Iterator[None]:
    """Every request is sent in here: in its turn among all processes, and noted in the log."""
    with budget.turn(asker), _noted(operation):
        yield


def _send(
    method: str,
    url: str,
    *,
    timeout: float,
    access_token: str | None = None,
    stream: bool = False,
    **request: Any,
) -> requests.Response:
    try:
        return _session(settings.BUNGIE_ROOT).request(
            method,
            url,
            headers=_headers(api=not stream),
            auth=_signature(access_token),
            timeout=(CONNECT_SECONDS, timeout),
            allow_redirects=stream,
            stream=stream,
            **request,
        )
    except requests.RequestException:
        # `from None`: requests' own exceptions carry the request, and with it tokens and codes.
        raise BungieDown(message="Bungie.net cannot be reached.") from None


def _send_action(method: str, url: str, **request: Any) -> requests.Response:
    with deadline.within(ACTION_SECONDS) as action:
        try:
            return _send(method, url, **request)
        except BungieDown:
            if action.sent:
                raise OutcomeUnknown(message="Bungie.net's answer was lost.") from None
            raise


def _headers(*, api: bool) -> dict[str, str]:
    about = f"+{settings.SITE_URL}" if settings.SITE_URL else "self-hosted"
    agent = {"User-Agent": f"DestinyVault/{settings.VERSION} AppId/{settings.BUNGIE_CLIENT_ID} ({about})"}
    return agent | {"X-API-Key": settings.BUNGIE_API_KEY} if api else agent


def _signature(access_token: str | None) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    # Always given, even without a token: otherwise requests would look into ~/.netrc and send what it finds there.
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if access_token:
            request.headers["Authorization"] = f"Bearer {access_token}"
        return request

    return sign


class _Adapter(HTTPAdapter):
    """Its connections keep deadlines."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = deadline.POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> ProxyManager:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = deadline.POOLS
        return manager


@lru_cache(maxsize=4)
def _session(root: str) -> requests.Session:
    """One pool of connections per process and root; all threads share it."""
    session = requests.Session()
    adapter = _Adapter(pool_maxsize=32)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # Bungie.net sets cookies; kept, they would travel from one person's request to the next person's.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # A proxy named in the environment cannot reach a Bungie.net that runs on this machine.
    session.trust_env = urlsplit(root).hostname not in {"127.0.0.1", "localhost", "::1"}
    return session


# A forked worker must not talk over its parent's sockets.
os.register_at_fork(after_in_child=_session.cache_clear)


@contextmanager
def _noted(operation: str) -> Iterator[None]:
    """One line in the log per call: no address, since paths name people, and nothing of bodies and headers."""
    started = time.monotonic()
    http_status, code = "200", "1"
    try:
        yield
    except BungieError as error:
        http_status, code = str(error.http_status or "-"), f"{type(error).__name__} {error.code}"
        if isinstance(error, SiteRefused):
            log.error("Bungie refuses this site's application: %s. %s", error, FOR_THE_OWNER)
        raise
    finally:
        log.info("%s %s %s %d ms", operation, http_status, code, (time.monotonic() - started) * 1000)
