"""The staff's lists of revisions and languages, and what can be done there."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from destinyvault.sandbox.manifest import Changes
from manifest import lookup, switch, sync, tasks
from manifest.errors import HeldBack
from manifest.locks import only_import
from manifest.models import Language, Revision
from manifest.progress import SILENT
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
REVISIONS, LANGUAGES = "/admin/manifest/revision/", "/admin/manifest/language/"


@pytest.fixture
def reader(client):
    """Somebody of the staff who may look, and no more."""
    person = get_user_model().objects.create_user("reader", password="x", is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="manifest", codename__startswith="view")
    )
    client.force_login(person)
    return client


@pytest.fixture
def two(sandbox):
    """An old revision and the live one, both from Bungie."""
    first = sync.sync("en").revision
    sandbox.library.publish(Changes(changed=0.01))
    return first, sync.sync("en").revision


def act(browser, address, action, *rows):
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(address, form, follow=True).text


def run_tasks():
    """What the cluster would do with the tasks that wait."""
    for row in OrmQ.objects.all():
        task = row.task
        getattr(tasks, task["func"].rpartition(".")[2])(*task["args"], **task["kwargs"])
        row.delete()


def live():
    return lookup.live("en").revision_id


def test_an_old_revision_is_made_live_and_pinned_with_the_name_of_who_did_it(staff, two):
    old, _ = two
    page = act(staff, REVISIONS, "make_live", old)
    assert live() == old.pk
    assert Language.objects.get(code="en").pinned_at
    assert "live and pinned" in page
    assert "Unpin" in page
    assert "complete, live, pinned" in page
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("staff", str(old.pk))


def test_unpinning_follows_bungie_again(staff, two):
    old, new = two
    act(staff, REVISIONS, "make_live", old)
    act(staff, LANGUAGES, "unpin", Language.objects.get(code="en"))
    run_tasks()
    assert live() == new.pk


def test_nothing_is_unpinned_where_nothing_is_pinned(staff, two):
    page = act(staff, LANGUAGES, "unpin", Language.objects.get(code="en"))
    assert "none of them is pinned" in page
    assert not OrmQ.objects.exists()


def test_one_revision_at_a_time_is_made_live(staff, two):
    assert "exactly one" in act(staff, REVISIONS, "make_live", *two)
    assert live() == two[1].pk


@pytest.mark.parametrize("status", ["failed", "held", "pruned"])
def test_a_revision_without_definitions_is_not_made_live(status, staff, two):
    old, new = two
    Revision.objects.filter(pk=old.pk).update(status=status)
    page = act(staff, REVISIONS, "make_live", old)
    assert "not kept" in page
    assert "stays as it is" in page
    assert live() == new.pk


def test_a_check_that_staff_ask_for_imports_what_is_new_at_once(staff, two, sandbox):
    sandbox.library.publish(Changes(changed=0.01))
    page = act(staff, LANGUAGES, "check_now", Language.objects.get(code="en"))
    assert "Check of en" in page
    run_tasks()
    assert live() > two[1].pk


def test_a_language_is_imported_again_though_nothing_is_new(staff, two):
    act(staff, LANGUAGES, "import_again", Language.objects.get(code="en"))
    run_tasks()
    assert live() > two[1].pk


def test_a_revision_is_imported_again(staff, two):
    old, _ = two
    act(staff, REVISIONS, "import_again", old)
    run_tasks()
    assert Revision.objects.get(pk=live()).path == old.path


def test_a_revision_from_a_file_names_the_command_instead(staff, import_tables):
    revision = import_tables({made.ITEMS: made.items(1)})
    assert "--file FILE --force" in act(staff, REVISIONS, "import_again", revision)
    assert not OrmQ.objects.exists()


@pytest.fixture
def held(two, sandbox):
    """Content that lacks most items of the one before."""
    sandbox.library.publish(Changes(removed=0.9))
    with pytest.raises(HeldBack):
        sync.sync("en")
    return Revision.objects.get(status="held")


def test_what_is_held_back_says_so_and_is_confirmed_by_a_button(staff, held):
    page = staff.get(f"{REVISIONS}{held.pk}/change/").text
    assert "held back" in page
    assert "items where the Manifest before it has" in page
    assert "Confirm and import" in page
    act(staff, REVISIONS, "import_again", held)
    run_tasks()
    assert Revision.objects.get(pk=live()).path == held.path


def test_what_is_held_back_is_counted_beside_what_is_live(staff, two, held):
    table = staff.get(f"{REVISIONS}{held.pk}/change/").text.split("Beside what is live")[1].split("</table>")[0]
    before, now = (each.tables[made.ITEMS]["rows"] for each in (two[1], held))
    assert 0 < now < before / 2
    for count in (before, now, two[1].rows, held.rows):
        assert f"<td>{count:,}</td>" in table
    assert f"<td>{now - before:,}</td>" in table


def test_table_that_the_held_back_content_lacks_comes_first(staff, import_tables):
    everything = {made.ITEMS: made.items(1, 2), made.STATS: {5: {"n": 1}}, made.HISTORICAL: {"kills": {"n": 1}}}
    import_tables(everything)
    with pytest.raises(HeldBack):
        import_tables({made.ITEMS: made.items(1), made.HISTORICAL: everything[made.HISTORICAL]})
    page = staff.get(f"{REVISIONS}{Revision.objects.get(status='held').pk}/change/").text
    table = page.split("Beside what is live")[1]
    assert table.index(made.STATS) < table.index(made.ITEMS)
    assert "<td>missing</td><td>1</td><td>-1</td>" in table
    assert "1 more table has as many rows" in table


@pytest.mark.parametrize("status", ["complete", "held"])
def test_pages_say_that_importing_again_lifts_a_pin(status, staff, two):
    old, new = two
    Revision.objects.filter(pk=new.pk).update(status=status, error="Too few items.")
    switch.make_live(old)
    address = f"{REVISIONS}{new.pk}/change/"
    assert "lift the pin" not in staff.get(address).text
    switch.make_live(old, pinned=True)
    assert "lift the pin" in staff.get(address).text
    page = act(staff, REVISIONS, "import_again", new)
    assert f"It lifts the pin of revision {old.pk} (en)." in page
    run_tasks()
    assert not Language.objects.get(code="en").pinned_at
    assert "lifts the pin" not in act(staff, REVISIONS, "import_again", old)


def test_page_of_a_revision_unpins_too(staff, two):
    old, new = two
    switch.make_live(old, pinned=True)
    assert 'name="action" value="unpin"' in staff.get(f"{REVISIONS}{old.pk}/change/").text
    assert f"/manifest/{new.pk}/?from={old.pk}" in staff.get(REVISIONS).text, "the comparison with the live one"


def test_languages_say_whose_pin_an_import_lifts(staff, two):
    switch.make_live(two[0], pinned=True)
    assert "It lifts the pin of revision" in act(staff, LANGUAGES, "import_again", Language.objects.get(code="en"))


def test_who_may_only_look_sees_no_action_and_can_do_none(reader, two):
    old, new = two
    page = reader.get(REVISIONS).text
    assert "make_live" not in page
    assert "Make live" not in reader.get(f"{REVISIONS}{old.pk}/change/").text
    act(reader, REVISIONS, "make_live", old)
    act(reader, LANGUAGES, "check_now", Language.objects.get(code="en"))
    assert live() == new.pk
    assert not OrmQ.objects.exists()


def test_a_revision_shows_its_tables_phases_and_times(staff, two):
    _, new = two
    page = staff.get(f"{REVISIONS}{new.pk}/change/").text
    for words in (*new.tables, *new.seconds, new.path, "Live since"):
        assert words in page


def test_revisions_are_narrowed_by_language_status_and_day(staff, two, held):
    def listed(**query):
        return {row.pk for row in staff.get(REVISIONS, query).context["cl"].result_list}

    assert listed(language="en", status__exact="held") == {held.pk}
    assert listed(status__exact="complete") == {revision.pk for revision in two}
    assert listed(started_at__gte="2100-01-01 00:00:00+00:00") == set()


def test_the_lists_tell_what_runs_and_how_far_it_is(staff, two):
    Language.objects.filter(code="en").update(phase="Importing", phase_done=450, phase_total=1000)
    assert "Nothing is being imported" in staff.get(LANGUAGES).text  # the process was killed
    with only_import("en", wait=False, progress=SILENT):
        for address in (REVISIONS, LANGUAGES, "/admin/manifest/revision/running/", f"{LANGUAGES}en/change/"):
            assert "Importing, 45" in staff.get(address).text


def test_a_list_makes_equally_many_queries_for_one_revision_and_for_ten(staff, two):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            staff.get(REVISIONS)
        return len(queries)

    few = asked()
    for number in range(10):
        Revision.objects.create(language="en", version="made", path=f"/made/{number}", status="failed")
    assert asked() == few
