import pytest

from destinyvault.bungie.enums import Bucket
from destinyvault.bungie.errors import BungieDown
from inventory.profile import ABSENT, OF_ITEMS, PARTS, PRIVATE, minted_at, parse_profile

from .made import HELMET, HUNTER, RIFLE, SPEED, TITAN, component, item, power, reply


def only(profile):
    (held,) = profile.items
    return held


def test_an_item_knows_its_holder_and_whether_it_is_worn():
    profile = parse_profile(
        reply(
            vault=[item(RIFLE, Bucket.GENERAL, 1)],
            carried=[item(RIFLE, Bucket.KINETIC_WEAPONS, 2)],
            worn=[item(HELMET, Bucket.HELMET, 3)],
        )
    )
    assert {(held.instance_id, held.owner, held.equipped) for held in profile.items} == {
        ("1", None, False),
        ("2", HUNTER, False),
        ("3", HUNTER, True),
    }
    assert [character.id for character in profile.characters] == [HUNTER, TITAN]
    assert minted_at(reply()).isoformat() == "2026-01-02T12:00:00+00:00"
    assert profile.missing == {}


def test_power_is_attack_or_defense_but_never_the_speed_of_a_vehicle():
    vault = [item(RIFLE, Bucket.GENERAL, 1), item(RIFLE, Bucket.GENERAL, 2)]
    instances = {"1": power(1790), "2": power(160, stat=SPEED)}
    assert [held.power for held in parse_profile(reply(vault, instances=instances)).items] == [1790, None]


def test_the_level_tells_the_power_of_a_classified_item():
    instances = {"1": {"itemLevel": 179, "quality": 4}}
    assert only(parse_profile(reply([item(RIFLE, Bucket.GENERAL, 1)], instances=instances))).power == 1794


@pytest.mark.parametrize("part", PARTS)
def test_a_private_component_is_told_and_nothing_breaks(part):
    sent = reply(vault=[item(RIFLE, Bucket.GENERAL, 1)], worn=[item(HELMET, Bucket.HELMET, 2)])
    where = sent["itemComponents"] if part in OF_ITEMS else sent
    where[part] = {"privacy": 2}
    assert parse_profile(sent).missing == {part: PRIVATE}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("value", [None, [], "x", 5, {}, {"privacy": 1}, {"data": None, "privacy": 0}])
def test_a_component_without_data_is_absent(part, value):
    sent = reply()
    where = sent["itemComponents"] if part in OF_ITEMS else sent
    where[part] = value
    assert parse_profile(sent).missing == {part: ABSENT}


@pytest.mark.parametrize(
    "entry",
    [None, 7, "x", [], {}, {"itemHash": "x"}, {"itemHash": None}, {"itemHash": -1}, {"itemHash": 2**32}],
)
def test_an_entry_that_cannot_be_read_is_counted_and_the_others_stay(entry):
    profile = parse_profile(reply(vault=[entry, item(RIFLE, Bucket.GENERAL, 1)]))
    assert only(profile).hash == RIFLE
    assert profile.skipped == 1


def test_strings_are_read_as_numbers_and_nonsense_as_nothing():
    odd = {"itemHash": str(RIFLE), "itemInstanceId": 77, "quantity": "3", "bucketHash": [], "state": "x"}
    held = only(parse_profile(reply(vault=[odd], instances={"77": {"primaryStat": [], "itemLevel": {}}})))
    assert (held.hash, held.instance_id, held.quantity) == (RIFLE, "77", 3)
    assert (held.bucket_hash, held.state, held.power) == (0, 0, None)


def test_characters_and_currencies_that_cannot_be_read_are_counted():
    currencies = component({"items": [{"quantity": 4}, {"itemHash": 5, "quantity": 6}]})
    characters = component({"a": {"light": 5}, "b": {"characterId": HUNTER, "dateLastPlayed": "yesterday"}})
    profile = parse_profile(reply(profileCurrencies=currencies) | {"characters": characters})
    assert [(each.hash, each.quantity) for each in profile.currencies] == [(5, 6)]
    assert [(each.id, each.last_played) for each in profile.characters] == [(HUNTER, None)]
    assert profile.skipped == 2


@pytest.mark.parametrize("sent", [None, [], "x", 0, {}, {"other": 1}])
def test_a_reply_that_is_no_profile_counts_as_bungie_in_trouble(sent):
    with pytest.raises(BungieDown):
        parse_profile(sent)


def test_a_profile_without_a_minting_time_has_none():
    assert minted_at(reply(responseMintedTimestamp="2026-99-99")) is None
