"""The staff's browser of definitions."""

import pytest

from manifest.admin import finding
from manifest.models import Definition
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/manifest/definition/"
HIGH = 3_000_000_000


@pytest.fixture
def two(import_tables):
    """Palindrome changes its name, 2 goes, 3 comes; a stat and a text key stay."""
    rest = {
        made.STATS: {7: {"displayProperties": {"name": "Palindromic"}}, 8: {"displayProperties": {"name": "Range"}}},
        made.HISTORICAL: {"activitiesCleared": {"statName": "Activities Cleared"}},
    }
    before = made.items(HIGH, 2) | {4: {"displayProperties": {"name": "<script>alert(1)</script>"}}}
    after = made.items(3) | made.items(HIGH, name="Palindrome of old") | {4: before[4]}
    old = import_tables({made.ITEMS: before, **rest})
    return old, import_tables({made.ITEMS: after, **rest})


def listed(browser, **query):
    return [str(row) for row in browser.get(LIST, query).context["cl"].result_list]


def opened(browser, hash_, **fields):
    return browser.get(f"{LIST}{Definition.objects.get(hash=hash_, **fields).pk}/change/")


@pytest.mark.parametrize("text", [HIGH, HIGH - 2**32])
def test_a_definition_is_found_by_its_hash_with_or_without_a_sign(text, staff, two):
    assert listed(staff, q=text) == [str(HIGH)] * 2


def test_a_definition_is_found_by_its_text_key_and_by_the_name_of_its_stat(staff, two):
    assert listed(staff, q="activitiescl") == ["activitiesCleared"]
    assert listed(staff, q="Activities Cl") == ["activitiesCleared"]


def test_items_are_found_by_a_part_of_their_name(staff, two):
    assert listed(staff, q="of old") == [str(HIGH)]
    assert listed(staff, q="palin") == ["2", "3", str(HIGH), str(HIGH)]


def test_other_tables_are_searched_by_name_once_chosen(staff, two):
    assert listed(staff, q="palin", table=made.STATS) == ["7"]
    assert "choose it first" in staff.get(LIST).text


def test_definitions_are_narrowed_by_table_state_and_revision(staff, two):
    old, new = two
    assert listed(staff, table=made.STATS) == ["7", "8"]
    assert listed(staff, table=made.ITEMS, state="now") == ["3", "4", str(HIGH)]
    assert listed(staff, state="gone") == ["2", str(HIGH)]
    assert listed(staff, brought=new.pk) == ["3", str(HIGH)]
    assert listed(staff, taken=new.pk) == ["2", str(HIGH)]
    assert listed(staff, q="palin", brought=old.pk, taken=new.pk) == ["2", str(HIGH)]


def test_definitions_of_one_language_are_listed_at_a_time(staff, two, import_tables):
    import_tables({made.ITEMS: made.items(5)}, language="fr")
    assert listed(staff, language="fr") == ["5"]
    assert "5" not in listed(staff)


@pytest.mark.parametrize(
    "query", [{"brought": "x"}, {"brought": 10**30}, {"table": "none"}, {"language": "xx"}, {"p": 99}]
)
def test_an_address_that_means_nothing_is_no_error(query, staff, two):
    assert staff.get(LIST, query, follow=True).status_code == 200


def test_a_list_ends_and_says_so(staff, two, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    page = staff.get(LIST)
    assert page.context["cl"].result_count == 3
    assert "There are more" in page.text


def test_a_definition_shows_its_json_as_text_and_where_it_leads(staff, two):
    _, new = two
    page = opened(staff, 4).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert f"/manifest/{new.pk}/{made.ITEMS}/4/" in page


def test_a_definition_shows_what_differed_from_revision_to_revision(staff, two):
    page = opened(staff, HIGH, removed=None).text
    assert "displayProperties.name" in page
    assert "<td>Palindrome</td>" in page
    assert "<td>Palindrome of old</td>" in page
    for revision in two:
        assert f"/admin/manifest/revision/{revision.pk}/change/" in page
    assert str(HIGH - 2**32) in page


def test_definitions_cannot_be_altered(staff, two):
    address = f"{LIST}{Definition.objects.first().pk}/change/"
    assert staff.post(address, {"hash": 1}).status_code == 403
    assert staff.get(f"{LIST}add/").status_code == 403
