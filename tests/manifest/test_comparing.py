"""What differs between two revisions, over several imports; and where two JSON values differ."""

import copy
import sys

import pytest
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from hypothesis import given
from hypothesis import strategies as st

from manifest import comparing, differences, tasks
from manifest.comparing import Choice, Counts, Kind, NotComparable
from manifest.differences import ABSENT, FieldDifference, field_differences
from manifest.models import Definition, KeptCounts, Revision
from tests.manifest import content_files as made

ALL = Choice()
database = pytest.mark.django_db(transaction=True)


def stats(**numbers):
    return {int(key[1:]): {"displayProperties": {"name": key}, "n": value} for key, value in numbers.items()}


@pytest.fixture
def history(import_tables):
    """s2 comes back at the third, s4 and item 9 are there only in between, item 1 is another one each time."""

    def number(n, **numbers):
        more = made.items(9) if n in (2, 3) else {}
        return import_tables({made.ITEMS: {**made.items(1, flavorText=str(n)), **more}, made.STATS: stats(**numbers)})

    return [
        number(1, s1=1, s2=1, s3=1),
        number(2, s1=1, s2=2, s3=1, s4=1),
        number(3, s1=2, s2=1, s4=1),
        number(4, s1=2, s2=1, s5=1),
    ]


def found(old, new, choice=ALL):
    comparison = comparing.compare(old.pk, new.pk)
    changes = comparison.changes(choice, comparison.matching(choice), 0)
    return {(change.table, change.hash): change.kind for change in changes}


def really(old, new):
    """The same by reading both revisions whole."""

    def valid(revision):
        rows = Definition.objects.filter(added__lte=revision.pk).exclude(removed__lte=revision.pk)
        rows = rows.values_list("table__name", "hash", "digest")
        return {(table, hash_): bytes(digest) for table, hash_, digest in rows}

    before, after = valid(old), valid(new)
    kinds = {key: "changed" if key in before else "added" for key in after if before.get(key) != after[key]}
    return kinds | {key: "removed" for key in before if key not in after}


@database
def test_any_two_revisions_in_both_directions_differ_by_what_reading_them_whole_shows(history):
    for old in history:
        for new in history:
            assert found(old, new) == really(old, new), (old.pk, new.pk)


@database
def test_counts_are_those_of_the_changes(history):
    for old in history:
        for new in history:
            kinds = list(really(old, new).values())
            counted = comparing.compare(old.pk, new.pk).total
            assert counted == Counts(kinds.count("added"), kinds.count("changed"), kinds.count("removed"))


@database
def test_content_that_came_back_is_no_change(history):
    assert (made.STATS, 2) not in found(history[0], history[2])
    assert (made.STATS, 2) in found(history[0], history[1])


@database
def test_an_item_that_came_back_is_no_change(import_tables):
    old = import_tables({made.ITEMS: made.items(1, 2)})
    import_tables({made.ITEMS: made.items(1, 2, flavorText="for a day")})
    new = import_tables({made.ITEMS: {**made.items(1), **made.items(2, flavorText="new")}})
    assert found(old, new) == {(made.ITEMS, 2): "changed"}


@database
def test_revisions_that_are_no_neighbours_are_counted_once_in_either_direction(history):
    first, *_, last = history
    forward = comparing.compare(first.pk, last.pk)
    Definition.objects.update(removed=None)  # whoever counts again now finds something else
    assert comparing.compare(first.pk, last.pk).counts == forward.counts
    backward = comparing.compare(last.pk, first.pk)
    assert backward.counts == {name: each.backward() for name, each in forward.counts.items()}


@database
def test_an_import_asks_the_cluster_to_count_before_anybody_compares(history):
    asked = [SignedPackage.loads(row.payload) for row in OrmQ.objects.all()]
    counting = [each["args"] for each in asked if each["func"] == "manifest.tasks.count_differences"]
    assert counting == [(history[2].pk,), (history[3].pk,)]  # the second has but its neighbour
    for args in counting:
        tasks.count_differences(*args)
    pairs = [(first, later) for later in history for first in history if first.pk < later.pk - 1]
    assert KeptCounts.objects.count() == len(pairs) == 3
    for old, new in pairs:
        assert sum(each.of(Kind) for each in comparing.compare(old.pk, new.pk).counts.values()) == len(really(old, new))


@database
def test_a_pruned_revision_between_two_kept_ones_leaves_no_gap(history):
    Revision.objects.filter(pk__in=[history[1].pk, history[2].pk]).update(status="pruned")
    assert found(history[0], history[3]) == really(history[0], history[3])


@database
def test_each_choice_shows_its_part(history):
    whole = really(history[0], history[3])
    for kind in ("added", "changed", "removed"):
        part = {key: each for key, each in whole.items() if each == kind}
        assert found(history[0], history[3], Choice(kind=kind)) == part
    assert found(history[0], history[3], Choice(text="S5")) == {(made.STATS, 5): "added"}


@database
def test_only_kept_revisions_of_one_language_can_be_compared(history, import_tables):
    french = import_tables({made.ITEMS: made.items(1)}, language="fr")
    failed = Revision.objects.create(language="en", version="9", path="/9", status="failed")
    for other in (french.pk, failed.pk, 999_999):
        with pytest.raises(NotComparable):
            comparing.compare(history[0].pk, other)


@database
def test_pages_are_in_one_stable_order(import_tables):
    import_tables({made.ITEMS: made.items(1)})
    items = dict(made.item(n, f"Item {n % 7}") for n in range(1, 90))
    bare = dict(made.item(500, "A bare one", displayProperties={"name": "A bare one"}) for _ in range(1))
    new = import_tables({made.ITEMS: items | bare, made.STATS: {n: {"n": n} for n in range(80)}})
    comparison = comparing.compare(comparing.before(new).pk, new.pk)
    matching = comparison.matching(Choice())
    whole = [each for start in range(0, 170, 7) for each in comparison.changes(Choice(), matching, start, 7)]
    assert len(whole) == len({(each.table, each.hash) for each in whole}) == sum(matching.values())
    items = [each for each in whole if each.table == made.ITEMS]
    assert whole[: len(items)] == items
    assert items[-1].name == "A bare one"  # without a picture
    named = [(each.name.lower(), each.hash) for each in items[:-1]]
    assert named == sorted(named)


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a.c", 2, 3)]),
        ({"a": None}, {}, [("a", None, ABSENT)]),
        ({}, {"a": None}, [("a", ABSENT, None)]),
        ({"a": [1, 2, 3]}, {"a": [1, 9, 2, 3]}, [("a.1", ABSENT, 9)]),
        ({"a": [1, 2, 3]}, {"a": [2, 3]}, [("a.0", 1, ABSENT)]),
        ({"a": [{"x": 1}, {"x": 2}]}, {"a": [{"x": 1}, {"x": 3}]}, [("a.1.x", 2, 3)]),
        ({"a": {"b": 1}}, {"a": [1]}, [("a", {"b": 1}, [1])]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": [True]}, {"a": [1]}, [("a.0", True, 1)]),
    ],
)
def test_fields_that_differ(old, new, differences):
    assert field_differences(old, new) == [FieldDifference(*each) for each in differences]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=2), inner, max_size=4)),
    max_leaves=12,
)


@given(json_values, json_values)
def test_equal_values_and_only_they_have_no_difference(one, other):
    assert field_differences(one, one) == []
    assert bool(field_differences(one, other)) == (repr_of(one) != repr_of(other))


def repr_of(value):
    """With the types, since True == 1."""
    if isinstance(value, dict):
        return {key: repr_of(each) for key, each in value.items()}
    return [repr_of(each) for each in value] if isinstance(value, list) else (type(value), value)


LETTERS = st.text("abc", min_size=1, max_size=2)  # no dots, which are between the names of a path
nested = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text("xy", max_size=1),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=25,
)


@pytest.mark.parametrize("steps", [0, 60, 200, differences._STEPS])
def test_differences_applied_to_the_old_value_give_the_new_one_however_much_was_compared(steps, monkeypatch):
    monkeypatch.setattr(differences, "_STEPS", steps)

    @given(st.dictionaries(LETTERS, nested), st.dictionaries(LETTERS, nested))
    def check(old, new):
        assert repr_of(applied(old, field_differences(old, new))) == repr_of(new)

    check()


def applied(old, found):
    """What is gone has the old indexes of lists, everything else the new ones; the outermost value has no path."""
    holder = {"": copy.deepcopy(old)}
    gone = [each for each in found if each.new is ABSENT]
    for difference in reversed(gone):
        container, name = place(holder, difference.path)
        del container[name]
    came = [each for each in found if each.old is ABSENT]
    for difference in came:
        container, name = place(holder, difference.path)
        container.insert(name, difference.new) if isinstance(container, list) else container.update(
            {name: difference.new}
        )
    for difference in found:
        if difference not in gone and difference not in came:
            container, name = place(holder, difference.path)
            container[name] = difference.new
    return holder[""]


def place(holder, path):
    names = [""] + (path.split(".") if path else [])
    container = holder
    for name in names[:-1]:
        container = container[int(name) if isinstance(container, list) else name]
    return container, int(names[-1]) if isinstance(container, list) else names[-1]


def some(*values):
    return [values[number * number % 7 % len(values)] for number in range(2_000)]


LONG = {
    "nothing is alike": (list(range(2_000)), list(range(5_000, 7_000))),
    "all is alike": (some(1, 2), some(2, 1, 2)),
    "every second one is alike": ([n * (-1) ** n for n in range(2_000)], [n * (-1) ** n + n % 2 for n in range(2_000)]),
    "lists in lists": ([some(1, 2)[:200]] * 40, [some(2, 1, 2)[:200]] * 40),
    "very long": (list(range(50_000)), list(range(25_000, 75_000))),
}  # fmt: skip


@pytest.mark.parametrize("kind", LONG)
def test_work_of_a_comparison_is_bounded(kind):
    old, new = LONG[kind]
    lines = 0

    def count(frame, event, _):
        nonlocal lines
        lines += event == "line"
        assert lines < 2_000_000, "it compares for ever"
        return count

    sys.settrace(count)
    try:
        found = field_differences({"a": old, "b": 1}, {"a": new, "b": 2})
    finally:
        sys.settrace(None)
    assert "b" in [each.path for each in found]
    assert any(each.path.startswith("a") for each in found)
