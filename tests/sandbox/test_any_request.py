"""No request makes the sandbox fall over: whatever comes in, a reply goes out."""

import re
from email.message import Message

from hypothesis import given, settings
from hypothesis import strategies as st

from destinyvault.sandbox.control import ORDERS
from destinyvault.sandbox.dispatch import respond
from destinyvault.sandbox.request import parse
from destinyvault.sandbox.router import ROUTES

TEMPLATES = [
    *("/Platform" + re.sub(r"\(\?P<\w+>[^)]*\)", "{}", route.pattern.pattern) for route in ROUTES),
    *(f"/sandbox/{name}/{{}}" for _, name in ORDERS if name),
    "/en/OAuth/Authorize",
    "/common/destiny2_content/sqlite/{}/world_sql_content_{}.content",
    "/common/destiny2_content/json/{}/{}",
    "/common/destiny2_content/icons/{}",
    "/img/theme/{}",
    "/{}",
]
VALUES = [
    "3",
    "-1",
    "254",
    "20000001",
    "4611686018500000001",
    "4611686018500000005",
    "2305843009000000101",
    "2190858386",
]
VALUES += ["DestinyInventoryItemDefinition", "sqlite_master", "²", "9" * 30, "%00", "..", "en", "a" * 32, "{}", "--5"]
QUERIES = st.text("components=10,203&lcfrDgetAllMemberships%true;+", max_size=30) | st.just(
    "components=100,201,300,402"
)
BODIES = [b"", b"{}", b"[]", b"null", b"\xff", b'{"fault": {"error_code": "x"}}', b'{"lifetimes": 3}', b'{"scopes": 1}']
BODIES += [b"a=b&grant_type=", b"grant_type=refresh_token", b'{"advance": "x"}', b'{"private": 7}', b'{"flip": 1}']
BODIES += [
    b'{"membershipType": 3, "characterId": "2305843009000000101", "itemId": "0", "itemIds": [], "loadoutIndex": 0}',
    b'{"membershipType": 3, "characterId": "2305843009000000101", "itemId": "6917529000001000003", "stackSize": 1,'
    b' "itemReferenceHash": 1, "transferToVault": true, "state": true, "loadoutIndex": 1, "itemIds": [null, "1"]}',
    b'{"membershipType": [], "characterId": {}, "itemIds": {}, "loadoutIndex": "x"}',
    b'{"guardian": "20000001", "do": "fill", "where": "vault"}',
    b'{"guardian": "20000001", "do": "add", "to": "vault", "bucket": []}',
    b'{"guardian": "20000008", "do": []}',
]
TOKENS = ["", "Bearer", "Bearer x", "Bearer .", "Basic eA==", "Bearer é.é", "Bearer e30.00", "valid"]


@st.composite
def paths(draw):
    template = draw(st.sampled_from(TEMPLATES))
    return template.format(*(draw(st.sampled_from(VALUES)) for _ in range(template.count("{}"))))


@settings(deadline=None, max_examples=300)
@given(
    method=st.sampled_from(["GET", "GET", "POST", "DELETE"]),
    path=paths(),
    query=QUERIES,
    body=st.sampled_from(BODIES),
    token=st.sampled_from(TOKENS),
)
def test_every_request_gets_a_reply(running_sandbox, method, path, query, body, token):
    running_sandbox.reset()
    if token == "valid":
        token = f"Bearer {running_sandbox.tokens.issue_pair('20000001')['access_token']}"
    headers = Message()
    for name, value in (("User-Agent", "t"), ("X-API-Key", "sandbox-api-key"), ("Authorization", token)):
        headers[name] = value
    reply = respond(running_sandbox, parse(method, f"{path}?{query}", headers, body, "127.0.0.1"))
    assert reply is not None
    assert 200 <= reply.status < 600
    running_sandbox.reset()
