import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from destinyvault.sandbox import facts
from manifest import lookup

from .guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


def of_one_type(site, guardian, least=3, buckets=facts.WEAPON_BUCKETS):
    """All the guardian's items of some type that they have enough of."""
    items = [item for item in site.items(guardian) if item.home in buckets and item.kind and item.stats]
    known = lookup.items(lookup.live("en"), {item.hash for item in items})
    by_type = {}
    for item in items:
        found = known[item.hash]
        by_type.setdefault((found.type_name, found.class_type), []).append(item)
    return next(found for found in by_type.values() if len(found) >= least)


def compared(browser, items, status=200):
    response = browser.get(f"/compare/?items={','.join(item.instance_id for item in items)}")
    assert response.status_code == status
    return response.content.decode()


def row(html, name):
    """The cells of a row as text, with a star where one is marked as best."""
    cells = re.search(rf'<th scope="row"><bdi>{name}</bdi>.*?</tr>', html, re.DOTALL)[0]
    return [
        ("*" if 'class="best"' in cell else "") + re.sub("<[^>]*>|★| best", "", cell).strip()
        for cell in re.findall(r"<td[^>]*>.*?</td>", cells, re.DOTALL)
    ]


def test_stats_stand_in_rows_and_the_best_are_marked(site):
    browser = site.browser(COLLECTOR)
    items = of_one_type(site, COLLECTOR)[:3]
    html = compared(browser, items)
    values = [item.stats[facts.RANGE] for item in items]
    best = max(values)
    assert row(html, "Range") == [
        f"*{value}" if value == best and len(set(values)) > 1 else str(value) for value in values
    ]
    assert '<span class="visually-hidden"> best</span>' in html  # not by colour alone


def test_less_is_better_for_a_draw_time(site):
    browser = site.browser(COLLECTOR)
    bows = [item for item in site.items(COLLECTOR) if facts.DRAW_TIME in item.stats][:3]
    values = [item.stats[facts.DRAW_TIME] for item in bows]
    best = [cell for cell in row(compared(browser, bows), "Draw Time") if cell.startswith("*")]
    assert set(best) == {f"*{min(values)}"}


def test_perks_stand_side_by_side(site):
    browser = site.browser(COLLECTOR)
    items = of_one_type(site, COLLECTOR)[:3]
    html = compared(browser, items)
    names = lookup.items(lookup.live("en"), {item.plugs[3] for item in items})
    cells = [escape(names[item.plugs[3]].name) for item in items]
    rows = re.findall(r"<tr[^>]*>.*?</tr>", html, re.DOTALL)
    assert any(all(re.search(re.escape(cell), each) for cell in cells) for each in rows)


def test_armor_is_compared_by_its_total_too(site):
    browser = site.browser(COLLECTOR)
    pieces = of_one_type(site, COLLECTOR, buckets=facts.ARMOR_BUCKETS)[:2]
    assert [cell.strip("*") for cell in row(compared(browser, pieces), "Total")] == [
        str(sum(piece.stats.values())) for piece in pieces
    ]


def test_ten_items_take_as_many_queries_as_two_and_bungie_is_asked_for_each_once(site):
    browser = site.browser(COLLECTOR)
    items = of_one_type(site, COLLECTOR, least=10)[:10]
    counts = []
    for some in (items, items[:2], items):
        with CaptureQueriesContext(connection) as asked:
            compared(browser, some)
        counts.append(len(asked))
    assert counts[1] == counts[2] <= 11
    assert counts[0] <= 20
    assert site.calls("GetItem") == 10


def test_more_than_ten_are_refused_in_words(site):
    browser = site.browser(COLLECTOR)
    items = [item for item in site.items(COLLECTOR) if item.instance_id][:12]
    assert "At most 10 items" in compared(browser, items, status=400)
    assert site.calls("GetItem") == 0


@pytest.mark.parametrize("asked", ["", "?items=", "?items=,,", "one"])
def test_less_than_two_are_refused_in_words(site, asked):
    browser = site.browser(OWNER)
    item = next(item for item in site.items(OWNER) if item.instance_id)
    response = browser.get(f"/compare/{f'?items={item.instance_id},{item.instance_id}' if asked == 'one' else asked}")
    assert response.status_code == 400
    assert "at least two" in response.content.decode()


def test_items_of_different_types_are_refused_in_words(site):
    browser = site.browser(COLLECTOR)
    weapon = of_one_type(site, COLLECTOR)[0]
    piece = of_one_type(site, COLLECTOR, buckets=facts.ARMOR_BUCKETS)[0]
    assert "one type" in compared(browser, [weapon, piece], status=400)


@pytest.mark.parametrize("stranger", ["theirs", "1", "abc", "%3Cscript%3E"])
def test_another_persons_item_is_not_found(site, stranger):
    browser = site.browser(OWNER)
    mine = of_one_type(site, OWNER, least=1)[0]
    theirs = of_one_type(site, COLLECTOR)[0].instance_id if stranger == "theirs" else stranger
    assert browser.get(f"/compare/?items={mine.instance_id},{theirs}").status_code == 404


def test_the_form_without_scripts_leads_to_the_comparison(site):
    browser = site.browser(COLLECTOR)
    items = of_one_type(site, COLLECTOR)
    html = browser.get(f"/items/{items[0].instance_id}/compare/").content.decode()
    boxes = set(re.findall(r'<input type="checkbox" name="items" value="(\d+)"', html))
    assert boxes == {item.instance_id for item in items[1:]}
    response = browser.get(f"/compare/?items={items[0].instance_id}&items={items[1].instance_id}")
    assert response.status_code == 200
    assert len(re.findall(r'<th scope="col">', response.content.decode())) == 2


def test_items_stay_comparable_while_bungie_is_away(site):
    browser = site.browser(COLLECTOR)
    items = of_one_type(site, COLLECTOR)[:2]
    site.fault("GetItem", html=503)
    html = compared(browser, items)
    assert "computed from the Manifest" in html
    assert all(cell.strip("*").isdigit() for cell in row(html, "Range"))
