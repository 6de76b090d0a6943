"""Content files with bytes and rows of chance: each import ends well, or in a sentence with everything as before."""

import shutil
import zipfile

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from manifest.errors import ManifestError
from manifest.sync import sync
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = made.items(1, 2, 3)
SMALL = {made.ITEMS: ITEMS, made.STATS: {7: {"a": 1}}, made.HISTORICAL: {"kills": {"b": 2}}}
calm = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
places = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [*ITEMS[1], "classType", "redacted", "displayProperties", "inventory", "maxStackSize"]
odd_items = st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1, max_size=3)
bodies = odd_items | st.binary(max_size=20).map(lambda rest: b"{" + rest) | st.text(max_size=20)


@pytest.fixture
def survives(import_tables, kept, tmp_path):
    """survives(archive): imported, or refused in a sentence of its own with everything as before."""
    import_tables(SMALL)

    def survives(archive):
        before = kept()
        refused = ""
        try:
            sync("en", file=archive)
        except ManifestError as error:
            refused = str(error)
        assert "made a mistake" not in refused
        assert kept() == before or not refused

    return survives


@pytest.fixture
def sound(tmp_path):
    return made.content_file(tmp_path / "sound", SMALL)


def changed(path, target, changes):
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[int(place * len(content))] = value
    target.write_bytes(content)
    return target


@calm
@given(changes=places)
def test_any_bytes_of_the_zip(changes, survives, sound, tmp_path):
    survives(changed(sound, tmp_path / "changed.content", changes))


@calm
@given(length=st.floats(0, 1))
def test_any_length_of_the_zip(length, survives, sound, tmp_path):
    whole = sound.read_bytes()
    survives(made.written(tmp_path / "shorter.content", whole[: int(length * len(whole))]))


@calm
@given(changes=places)
def test_any_bytes_of_the_database(changes, survives, sound, tmp_path):
    database = tmp_path / "changed.sqlite3"
    with zipfile.ZipFile(sound) as archive, archive.open("world.content") as member, database.open("wb") as file:
        shutil.copyfileobj(member, file)
    survives(made.zipped(changed(database, database, changes), tmp_path))


@calm
@given(rows=st.dictionaries(st.integers(0, 2**32 - 1), bodies, max_size=3))
def test_any_rows(rows, survives, tmp_path):
    survives(made.content_file(tmp_path / "rows", {**SMALL, made.ITEMS: {**ITEMS, **rows}}))
