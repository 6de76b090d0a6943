"""The sandbox serves real captures as it serves its own world."""

import gzip
import hashlib
import io
import json
import zipfile
from collections import Counter

import pytest
import requests

from destinyvault.sandbox import facts
from destinyvault.sandbox.orders import SandboxOrders
from destinyvault.sandbox.server import Sandbox
from tests.sandbox.player import OK, Player
from tests.sandbox.wire import COLLECTOR, INVENTORY, Wire, items_of

pytestmark = pytest.mark.real
OWNER = "20000099"


@pytest.fixture(scope="module")
def real(captures, tmp_path_factory):
    folder = captures / "captures"
    (content,) = folder.glob("world_sql_content_*.content")
    profile = folder / "profile_2021.json.gz"
    with Sandbox(content=content, profile=profile, cache_dir=tmp_path_factory.mktemp("captures")) as sandbox:
        yield Wire(sandbox)


def test_captures_owner_stands_first_and_owns_966_items(real):
    assert real.sandbox.guardians[0].id == OWNER
    assert "966 items" in real.sandbox.guardians[0].about
    profile = real.profile(OWNER)
    assert len(list(items_of(profile))) == 966
    assert len(profile["profile"]["data"]["characterIds"]) == 3
    assert len(profile["itemComponents"]["instances"]["data"]) == 855


def test_captured_inventory_is_its_owners_alone(real):
    seen = real.profile(OWNER, signed_in=False)
    assert seen["profileInventory"] == seen["itemComponents"]["instances"] == {"privacy": 2}
    assert seen["characters"]["data"]


def test_captured_profile_keeps_to_the_spec(real, spec):
    answer = real.get(real.account(OWNER), real.token(OWNER), components=INVENTORY)
    assert spec.faults_of("GetProfile", answer.json())[:5] == []


def test_real_content_is_served_byte_for_byte_in_every_language(real, captures):
    (file,) = (captures / "captures").glob("world_sql_content_*.content")
    paths = real.response("/Destiny2/Manifest/")["mobileWorldContentPaths"]
    assert len(paths) == 13
    served = requests.get(real.root + paths["de"], headers={"User-Agent": "tests"}, timeout=60).content
    assert served == file.read_bytes()
    archive = zipfile.ZipFile(io.BytesIO(served))
    assert hashlib.md5(archive.read(archive.namelist()[0])).hexdigest() in paths["de"]


def test_made_up_guardians_own_real_items(real):
    catalog = real.sandbox.catalog.by_hash
    owned = [item["itemHash"] for item in items_of(real.profile(COLLECTOR))]
    known = [key for key in owned if key in catalog]
    assert len(known) > len(owned) * 0.95
    path = "/Destiny2/Manifest/DestinyInventoryItemDefinition/{}/"
    assert all(real.response(path.format(key))["displayProperties"]["name"] for key in known[:20])


def test_captured_items_can_be_asked_for_one_by_one(real):
    token, profile = real.token(OWNER), real.profile(OWNER)
    character = next(iter(profile["characters"]["data"]))
    one = profile["characterEquipment"]["data"][character]["items"][0]["itemInstanceId"]
    told = real.response(f"{real.account(OWNER)}Item/{one}/", token, components="300,305,307")
    assert told["characterId"] == character
    assert told["instance"]["data"] == profile["itemComponents"]["instances"]["data"][one]


@pytest.fixture
def owner(real):
    """The capture's owner, who afterwards owns what was captured again."""
    orders = SandboxOrders(real.root)
    yield Player(real, orders, OWNER)
    orders.reset()


def test_nothing_is_captured_that_the_sandbox_does_not_know_the_place_of(owner, real):
    shown = Counter((item["itemHash"], item["bucketHash"], item["quantity"]) for item in items_of(real.profile(OWNER)))
    assert Counter((row["hash"], row["bucket"], row["quantity"]) for row in owner.items()) == shown


def test_captured_items_are_listed_as_they_were_captured(owner, real, captures):
    reply = json.loads(gzip.decompress((captures / "captures" / "profile_2021.json.gz").read_bytes()))["Response"]
    told = real.profile(OWNER)
    for name in ("profileInventory", "characterInventories", "characterEquipment"):
        assert told[name]["data"] == reply[name]["data"]
    assert told["itemComponents"]["instances"]["data"] == reply["itemComponents"]["instances"]["data"]


def test_captured_items_move_and_are_equipped_by_the_same_rules(owner, real):
    one, other = owner.characters[:2]
    carried = owner.items(owner=0, bucket=facts.KINETIC, equipped=False)[0]
    worn = owner.item(owner=0, bucket=facts.KINETIC, equipped=True)
    assert owner.to_vault(worn) == (500, 1656)
    assert owner.equip(carried) == OK
    assert owner.to_vault(worn) == OK
    assert owner.from_vault(worn, other) == OK
    profile = real.profile(OWNER)
    assert worn["instance_id"] in {
        item.get("itemInstanceId") for item in profile["characterInventories"]["data"][other]["items"]
    }
    assert profile["itemComponents"]["instances"]["data"][carried["instance_id"]]["isEquipped"]
    assert not profile["itemComponents"]["instances"]["data"][worn["instance_id"]]["isEquipped"]
    assert one != other
    assert len(list(items_of(profile))) == 966


def test_captured_stacks_split_and_join(owner, real):
    stack = next(
        row
        for row in owner.items(place="account", bucket=facts.CONSUMABLES)
        if row["quantity"] > 10
        and real.sandbox.catalog.by_hash[row["hash"]].stack > 10
        and not real.sandbox.catalog.by_hash[row["hash"]].stack_label
        and owner.to_vault(row, quantity=1) == OK
    )
    amount = sum(row["quantity"] for row in owner.items(hash=stack["hash"]))
    assert owner.amounts(stack["hash"])["vault"] == [1]
    assert owner.to_vault(stack, quantity=3) == OK
    assert owner.amounts(stack["hash"])["vault"] == [4]
    assert sum(row["quantity"] for row in owner.items(hash=stack["hash"])) == amount


def test_captured_letters_are_pulled_from_the_postmaster(owner):
    letters = owner.items(place="postmaster")
    answers = [owner.pull(row, row["owner"], row["quantity"]) for row in letters]
    assert OK in answers
    assert set(answers) <= {OK, (500, 1637), (500, 1648)}
    assert len(owner.items(place="postmaster")) == len(letters) - answers.count(OK)


def test_what_could_not_be_transferred_when_captured_still_cannot(owner, real):
    shown = real.profile(OWNER)["profileInventory"]["data"]["items"]
    fixed = {item["itemHash"] for item in shown if item["transferStatus"] & 2}
    stack = next(row for row in owner.items(place="account") if row["hash"] in fixed)
    assert owner.to_vault(stack) == (500, 1660)


def test_exotics_of_the_capture_are_worn_one_at_a_time(owner, real):
    kinds = real.sandbox.catalog.by_hash
    carried = [row for row in owner.items(owner=0) if row["bucket"] in facts.WEAPON_BUCKETS and row["hash"] in kinds]
    exotics = [row for row in carried if kinds[row["hash"]].tier == facts.EXOTIC]
    (worn,) = [row for row in exotics if row["equipped"]]
    others = [row for row in exotics if row["bucket"] != worn["bucket"]]
    assert others
    assert {owner.equip(row) for row in others} == {(500, 1641)}


def test_captured_owner_saves_a_loadout(owner, real):
    assert owner.act("Loadouts/SnapshotLoadout", loadoutIndex=0) == OK
    told = real.response(real.account(OWNER), owner.token, components="206")["characterLoadouts"]["data"]
    assert len(told[owner.characters[0]]["loadouts"][0]["items"]) == 9


def test_pictures_of_real_items_show_what_they_are(real):
    icons = real.sandbox.catalog.icons
    assert sum(subject.role == "weapon" for subject in icons.values()) > 500
    assert len({subject.detail for subject in icons.values() if subject.role == "weapon"}) == 17
