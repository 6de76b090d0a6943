"""The public pages: what is live, every revision, what changed, one definition; hostile names and bad addresses."""

import re

import pytest
from django.test import Client

from manifest import switch
from manifest.models import Language, Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = "<script>alert(1)</script>\u202eevil " + "W" * 200


@pytest.fixture
def two(import_tables):
    """Two revisions: one item new, one changed and hostile, one removed; a stat changed."""
    stat = {5: {"displayProperties": {"name": "Mobility"}, "index": 1}}
    old = import_tables({made.ITEMS: made.items(1, 2, 3), made.STATS: stat, made.HISTORICAL: {"kills": {"n": 1}}})
    new = import_tables(
        {
            made.ITEMS: {**made.items(1), **dict([made.item(2, HOSTILE), made.item(4, "Fatebringer")])},
            made.STATS: {5: {**stat[5], "index": 2}},
            made.HISTORICAL: {"kills": {"n": 2}},
        }
    )
    return old, new


def page(address, **more):
    response = Client().get(address, **more)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_history_shows_what_is_live_and_every_revision(two):
    html = page("/manifest/")
    assert f'href="/manifest/{two[1].pk}/"' in html
    assert f'href="/manifest/{two[0].pk}/"' in html
    assert "<svg" in html
    assert 'type="application/atom+xml"' in html


def test_a_site_without_a_manifest_says_so(db):
    html = page("/manifest/")
    assert "No Manifest yet" in html
    assert "<svg" not in html


def test_a_pinned_revision_is_told(two):
    switch.make_live(two[0], pinned=True)
    assert "pinned by staff" in page("/manifest/")


def test_what_failed_or_is_held_back_is_told_with_its_reason(two):
    Revision.objects.create(language="en", version="9", path="/9", status="held", error="Too few items.")
    Revision.objects.create(language="en", version="8", path="/8", status="failed", error="A torn file.")
    html = page("/manifest/")
    assert "is held back until staff confirm it" in html
    assert "Too few items." in html
    assert "A torn file." in html


def test_the_other_language_has_a_page_of_its_own(two, import_tables):
    french = import_tables({made.ITEMS: made.items(1)}, language="fr")
    html = page("/manifest/?language=fr")
    assert f'href="/manifest/{french.pk}/"' in html
    assert f'href="/manifest/{two[1].pk}/"' not in html


def test_a_long_history_comes_in_pages(two):
    last = two[1]
    Revision.objects.bulk_create(
        Revision(language="en", version=f"old {n}", path=f"/{n}", status="pruned", finished_at=last.finished_at)
        for n in range(60)
    )
    assert "Page 1 of 3" in page("/manifest/")
    assert f'href="/manifest/{last.pk}/"' in page("/manifest/?page=3")


def test_changes_are_those_to_the_revision_before(two):
    html = page(f"/manifest/{two[1].pk}/")
    assert html.index("Fatebringer") < html.index("Mobility")  # items first
    assert "kills" in html
    assert f"/manifest/{two[1].pk}/{made.ITEMS}/3/?from={two[0].pk}" in html  # removed
    assert f"/manifest/{two[1].pk}/{made.ITEMS}/1/" not in html  # the same


def test_names_from_bungie_are_no_markup(two):
    for address in (f"/manifest/{two[1].pk}/", f"/manifest/{two[1].pk}/{made.ITEMS}/2/"):
        html = page(address)
        assert "<script>alert" not in html
        assert "<bdi>&lt;script&gt;alert(1)" in html


def test_changes_can_be_chosen_by_kind_table_and_name(two):
    address = f"/manifest/{two[1].pk}/"
    assert "Mobility" not in page(f"{address}?kind=added")
    assert "Fatebringer" not in page(f"{address}?table={made.STATS}")
    assert "Mobility" not in page(f"{address}?name=FATE")
    assert "Fatebringer" in page(f"{address}?name=FATE")
    assert "No change matches" in page(f"{address}?name=nothing+like+it")


def test_numbers_are_of_what_the_filters_leave(two):
    def numbers(query):
        html = page(f"/manifest/{two[1].pk}/{query}")
        return [int(n) for n in re.findall(r"<dd><(?:a [^>]*|b [^>]*)>([\d,]+)<", html)]

    assert numbers("") == [1, 3, 1]
    assert numbers(f"?table={made.STATS}") == [0, 1, 0]
    assert numbers("?name=FATE") == [1, 0, 0]
    assert numbers("?name=nothing+like+it") == [0, 0, 0]
    assert "The list shows what is removed" in page(f"/manifest/{two[1].pk}/?kind=removed")


def test_tables_stand_in_one_order_items_first_then_by_name(two):
    html = page(f"/manifest/{two[1].pk}/")
    names = ["Inventory item", "Historical stats", "Stat"]
    for part in (html.split('id="table"')[1].split("</select>")[0], html.split("By table")[1].split("</table>")[0]):
        places = [part.index(f">{name}<") for name in names]
        assert places == sorted(places)
    assert re.findall(r"<h2>(.*?)</h2>", html) == names
    assert "items first, then tables by name" in html


def test_content_that_was_imported_again_says_so_and_is_no_bar_of_the_chart(import_tables):
    import_tables({made.ITEMS: made.items(1)})
    import_tables({made.ITEMS: made.items(1, 2)})
    assert "imported again" not in page("/manifest/")
    import_tables({made.ITEMS: made.items(1, 2)}, force=True)
    html = page("/manifest/")
    assert html.count("imported again") == 1
    assert html.count('class="ground"') == 1


def test_backward_what_was_new_is_removed(two):
    html = page(f"/manifest/{two[0].pk}/?from={two[1].pk}&kind=removed")
    assert "Fatebringer" in html


def test_the_first_revision_has_nothing_before_it(import_tables):
    only = import_tables({made.ITEMS: made.items(1)})
    assert "no earlier revision" in page(f"/manifest/{only.pk}/")


def test_two_revisions_of_the_same_content_do_not_differ(import_tables):
    import_tables({made.ITEMS: made.items(1)})
    again = import_tables({made.ITEMS: made.items(1)}, force=True)
    assert "exactly the same" in page(f"/manifest/{again.pk}/")


def test_a_changed_definition_shows_the_fields_old_beside_new(two):
    html = page(f"/manifest/{two[1].pk}/{made.STATS}/5/")
    assert "<code>index</code>" in html
    assert "displayProperties" not in html
    assert html.index("<bdi>1</bdi>") < html.index("<bdi>2</bdi>")


def test_a_new_definition_is_shown_whole(two):
    html = page(f"/manifest/{two[1].pk}/{made.ITEMS}/4/")
    assert "Fatebringer" in html
    assert "itemTypeDisplayName" in html


def test_a_definition_that_is_gone_is_shown_as_it_was(two):
    html = page(f"/manifest/{two[1].pk}/{made.ITEMS}/3/?from={two[0].pk}")
    assert "no longer has it" in html
    assert "itemTypeDisplayName" in html


def test_a_table_keyed_by_text_has_pages_too(two):
    assert "<code>n</code>" in page(f"/manifest/{two[1].pk}/{made.HISTORICAL}/kills/")


def test_in_the_list_a_definition_opens_in_place(two):
    part = page(f"/manifest/{two[1].pk}/{made.STATS}/5/", headers={"HX-Request": "true"})
    assert "<code>index</code>" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    "address",
    [
        "{new}/?from=999999", "{new}/?from=x", "{new}/?from=99999999999999999999999", "{new}/?kind=x", "{new}/?table=x",
        "{new}/?page=0", "{new}/?page=9", "{new}/?page=x", "999999/", "99999999999999999999999/", "?page=7",
        "?language=xx", "{new}/DestinyStatDefinition/77/", "{new}/DestinyStatDefinition/99999999999999999999/",
        "{new}/DestinyNone/5/", "{new}/DestinyStatDefinition/%00/", "{new}/?from={french}", "{new}/?from={pruned}",
        "{pruned}/", "feed.atom?language=xx",
    ],
)  # fmt: skip
def test_a_bad_address_is_told_in_a_sentence(two, import_tables, address):
    french = import_tables({made.ITEMS: made.items(1)}, language="fr").pk
    pruned = Revision.objects.create(
        language="en", version="1", path="/1", status="pruned", finished_at=two[0].finished_at
    )
    response = Client().get("/manifest/" + address.format(new=two[1].pk, french=french, pruned=pruned.pk))
    assert response.status_code == 404
    assert "error-status" in response.content.decode()


def test_a_nul_in_a_filter_hurts_nobody(two):
    assert "No change matches" in page(f"/manifest/{two[1].pk}/?name=zzz%00zzz")


def test_everybody_finds_the_manifest_in_the_top_bar(two):
    assert '<a href="/manifest/"' in page("/").split("</header>")[0]


@pytest.fixture
def queued():
    from django_q.models import OrmQ

    return lambda: [each.func() for each in OrmQ.objects.all()]


def test_staff_ask_for_a_check(two, admin_client, queued):
    assert "Check now" in admin_client.get("/manifest/").content.decode()
    response = admin_client.post("/manifest/update/", follow=True)
    assert "Asked" in response.content.decode()
    assert queued() == ["manifest.tasks.update"]


def test_a_program_of_the_staff_is_answered_in_json(admin_client, queued):
    response = admin_client.post("/manifest/update/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (202, {"queued": True})


def test_others_may_not_ask(two, django_user_model, queued):
    assert "Check now" not in page("/manifest/")
    assert Client().post("/manifest/update/").url.startswith("/accounts/bungie/login/")
    assert Client().post("/manifest/update/", headers={"Accept": "application/json"}).status_code == 403
    somebody = Client()
    somebody.force_login(django_user_model.objects.create_user("somebody"))
    assert somebody.post("/manifest/update/").status_code == 403
    assert not queued()


def test_a_form_of_a_stranger_is_refused(admin_user):
    staff = Client(enforce_csrf_checks=True)
    staff.force_login(admin_user)
    assert staff.post("/manifest/update/").status_code == 403


def test_asking_by_get_is_refused(admin_client):
    assert admin_client.get("/manifest/update/").status_code == 405


def test_as_many_queries_for_many_changes_as_for_few(import_tables, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    import_tables({made.ITEMS: made.items(1), made.STATS: {1: {"n": 0}}})
    for many in (1, 300):
        items = made.items(*range(2, 40), flavorText=str(many)) if many > 1 else made.items(1, flavorText="1")
        stats = {n: {"n": many} for n in range(1, many + 1)}
        new = import_tables({made.ITEMS: items, made.STATS: stats}, force=True)
        with CaptureQueriesContext(connection) as captured:
            page(f"/manifest/{new.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Language.objects.count() == 1


@pytest.mark.parametrize("address", ["/manifest/", "/manifest/feed.atom", "/api/v1/manifest/changes"])
def test_language_with_a_nul_byte_is_none(client, two, address):
    assert client.get(address, {"language": "en\0"}).status_code == 404
