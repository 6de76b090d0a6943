"""The sandbox serves real captures as it serves its own world."""

import hashlib
import io
import zipfile

import pytest
import requests

from destinyvault.sandbox.server import Sandbox
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


def test_pictures_of_real_items_show_what_they_are(real):
    icons = real.sandbox.catalog.icons
    assert sum(subject.role == "weapon" for subject in icons.values()) > 500
    assert len({subject.detail for subject in icons.values() if subject.role == "weapon"}) == 17
