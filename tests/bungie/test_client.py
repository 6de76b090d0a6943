import json
from urllib.parse import parse_qs, urlsplit

import pytest

from destinyvault.bungie import client, replies
from destinyvault.bungie.enums import Component
from destinyvault.bungie.errors import BungieDown
from tests.bungie.wire import HANG_UP, Answer, envelope

PROFILE = {"profile": {"privacy": 1}}


def test_every_api_call_carries_user_agent_and_key_and_no_origin(wire, settings):
    wire.will_say(envelope(PROFILE))
    client.profile(3, "4611686018400000001", [Component.PROFILES], "a-token")
    sent = wire.seen[0].headers
    assert sent["User-Agent"] == f"DestinyVault/{settings.VERSION} AppId/4711 (+https://vault.example)"
    assert sent["X-API-Key"] == "the-api-key"
    assert sent["Authorization"] == "Bearer a-token"
    assert "Origin" not in sent


def test_paths_end_with_a_slash_and_components_are_numbers(wire):
    wire.will_say(envelope(PROFILE))
    client.profile(3, "4611686018400000001", [Component.PROFILES, Component.CHARACTERS])
    client.character(3, "1", "2", [200])
    client.item(3, "1", "2", [300])
    client.vendors(3, "1", "2", [400], "t")
    client.vendor(3, "1", "2", 2190858386, [400], "t")
    client.definition("DestinyInventoryItemDefinition", 5)
    assert [each.path for each in wire.seen] == [
        "/Platform/Destiny2/3/Profile/4611686018400000001/?components=100%2C200",
        "/Platform/Destiny2/3/Profile/1/Character/2/?components=200",
        "/Platform/Destiny2/3/Profile/1/Item/2/?components=300",
        "/Platform/Destiny2/3/Profile/1/Character/2/Vendors/?components=400",
        "/Platform/Destiny2/3/Profile/1/Character/2/Vendors/2190858386/?components=400",
        "/Platform/Destiny2/Manifest/DestinyInventoryItemDefinition/5/",
    ]


def test_only_paths_below_the_site_are_kept_of_the_index(wire):
    paths = {"en": "/common/en.content", "fr": 5, "de": None, "it": ["/x"], "es": "https://elsewhere.example/es"}
    wire.will_say(envelope({"version": "1", "mobileWorldContentPaths": paths}))
    assert client.manifest_index().paths == {"en": "/common/en.content"}


def test_nothing_but_numbers_gets_into_a_path(wire):
    with pytest.raises(ValueError, match="invalid literal"):
        client.character(3, "1", "../../../User", [200])
    with pytest.raises(ValueError, match="not the name of a table"):
        client.definition("../Vendors", 1)
    assert wire.seen == []


def test_a_call_without_a_token_sends_no_credentials_found_on_the_machine(wire, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    wire.will_say(envelope(PROFILE))
    client.profile(3, "1", [100])
    client.profile(3, "1", [100], "a-token")
    assert "Authorization" not in wire.seen[0].headers
    assert wire.seen[1].headers["Authorization"] == "Bearer a-token"


def test_cookies_of_one_person_do_not_reach_the_next(wire):
    first = envelope(PROFILE)
    wire.will_say(Answer(first.status, first.body, {"Set-Cookie": "bungleme=123; Path=/"}), envelope(PROFILE))
    client.profile(3, "1", [100], "one")
    client.profile(3, "2", [100], "two")
    assert "Cookie" not in wire.seen[1].headers


def test_redirects_of_the_api_are_not_followed(wire):
    wire.will_say(Answer(301, b"", {"Location": f"{wire.root}/elsewhere"}))
    with pytest.raises(BungieDown):
        client.profile(3, "1", [100], "a-token")
    assert not [each for each in wire.seen if each.path == "/elsewhere"]


def test_the_authorize_address_names_client_and_state_and_nothing_that_the_portal_fixes(wire):
    url = urlsplit(client.authorize_url("the state & more"))
    assert url.path == "/en/OAuth/Authorize"
    assert parse_qs(url.query) == {"client_id": ["4711"], "response_type": ["code"], "state": ["the state & more"]}


def test_a_code_becomes_tokens(wire):
    reply = {
        "access_token": "A",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "R",
        "refresh_expires_in": 7776000,
        "membership_id": "12345678",
    }
    wire.will_say(Answer(200, json.dumps(reply).encode()))
    tokens = client.exchange_code("the-code")
    assert (tokens.access_token, tokens.refresh_token, tokens.membership_id) == ("A", "R", "12345678")
    assert (tokens.expires_in, tokens.refresh_expires_in) == (3600, 7776000)
    assert (wire.seen[0].method, wire.seen[0].path) == ("POST", "/Platform/App/OAuth/token/")
    assert parse_qs(wire.seen[0].body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "client_id": ["4711"],
        "client_secret": ["the-client-secret"],
    }


def test_long_ids_are_sent_as_strings_and_a_stack_as_item_zero(wire):
    wire.will_say(envelope(0))
    client.transfer_item(3, "4611686018400000001", "2305843009300000001", 3159615086, None, 7, True, "t")
    assert wire.seen[0].path == "/Platform/Destiny2/Actions/Items/TransferItem/"
    assert json.loads(wire.seen[0].body) == {
        "membershipType": 3,
        "characterId": "2305843009300000001",
        "itemId": "0",
        "itemReferenceHash": 3159615086,
        "stackSize": 7,
        "transferToVault": True,
    }


def test_linked_profiles_tell_overridden_primary_and_unreadable_apart(wire):
    body = {
        "profiles": [
            {
                "membershipType": 1,
                "membershipId": "12",
                "displayName": "Old",
                "bungieGlobalDisplayName": "Global",
                "bungieGlobalDisplayNameCode": 7,
                "applicableMembershipTypes": [2, 1],
                "crossSaveOverride": 1,
                "isCrossSavePrimary": True,
                "dateLastPlayed": "2026-02-03T04:05:06Z",
            },
            {
                "membershipType": 2,
                "membershipId": "34",
                "isOverridden": True,
                "applicableMembershipTypes": [],
                "dateLastPlayed": "0001-01-01T00:00:00Z",
            },
        ],
        "profilesWithErrors": [{"errorCode": 1601, "infoCard": {"membershipType": 3, "membershipId": "56"}}],
    }
    wire.will_say(envelope(body))
    primary, overridden, unread = client.linked_profiles("9", "t")
    assert wire.seen[0].path == "/Platform/Destiny2/254/Profile/9/LinkedProfiles/?getAllMemberships=true"
    assert (primary.display_name, primary.code, primary.is_cross_save_primary) == ("Global", 7, True)
    assert primary.date_last_played.isoformat() == "2026-02-03T04:05:06+00:00"
    assert (overridden.is_overridden, overridden.applicable_types, overridden.date_last_played) == (True, (), None)
    assert (unread.error_code, unread.applicable_types) == (1601, (3,))


def test_the_manifest_index_names_a_path_per_language(wire):
    wire.will_say(envelope({"version": "42", "mobileWorldContentPaths": {"en": "/a.content", "fr": "/b.content"}}))
    index = client.manifest_index()
    assert (index.version, index.paths["fr"]) == ("42", "/b.content")


def test_content_is_streamed_without_the_api_key(wire):
    wire.will_say(Answer(200, b"x" * 700_000))
    with client.open_content("/common/file.content?x") as content:
        assert content.length == 700_000
        assert sum(len(chunk) for chunk in content) == 700_000
    assert wire.seen[0].path == "/common/file.content?x"
    assert "DestinyVault" in wire.seen[0].headers["User-Agent"]
    assert "X-API-Key" not in wire.seen[0].headers


def test_a_content_file_that_is_not_there_says_so_by_its_status(wire):
    wire.will_say(Answer(404, b"<html>not here</html>"))
    with pytest.raises(BungieDown) as caught, client.open_content("/gone.content"):
        pass
    assert caught.value.http_status == 404


def test_a_download_that_breaks_off_is_an_error_and_not_a_short_file(wire):
    wire.will_say(Answer(200, b"x" * 1000, length=5000))
    with client.open_content("/a.content") as content, pytest.raises(BungieDown, match="broke off"):
        list(content)


def test_content_is_never_fetched_from_another_site(wire):
    with pytest.raises(BungieDown), client.open_content("https://elsewhere.example/a.content"):
        pass
    assert wire.seen == []


def test_a_connection_that_drops_during_a_read_is_read_again(wire):
    wire.will_say(HANG_UP, envelope(PROFILE))
    assert client.profile(3, "1", [100]) == PROFILE


def test_a_name_does_not_turn_the_text_after_it_round():
    assert replies.plain("\u202eniM\u202c \u2067x\u2069") == "niM x"
    assert replies.plain("مرحبا 👩\u200d🚀") == "مرحبا 👩\u200d🚀"
    assert replies.plain(None) == ""
