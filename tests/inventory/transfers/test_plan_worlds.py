"""Any wishes in any small world: the plan keeps the game's rules at each step, and ends as it says."""

import random
from collections import Counter

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.steps import Why
from inventory.transfers.wants import Kind
from tests.inventory.transfers.game import Game
from tests.inventory.transfers.planned import POSTMASTER, anew, place, steps_anew
from tests.inventory.transfers.some_worlds import any_wishes, some_wishes, some_world, torn
from tests.inventory.transfers.worlds import LOST

SEEDS, PARTS = 400, 4
TORN = 1000  # the first seed of worlds in which plans once had no end
LOCKS, MOVES = (Kind.LOCK, Kind.UNLOCK), (Kind.MOVE, Kind.EQUIP, Kind.PULL)

pytestmark = pytest.mark.usefixtures("ends")


@pytest.mark.parametrize("move_others", [True, False])
@pytest.mark.parametrize("part", range(PARTS))
def test_any_plan_keeps_the_rules_and_ends_as_wished(part, move_others):
    for seed in range(part, SEEDS, PARTS):
        draw = random.Random(seed)
        given = some_world(draw)
        try:
            assert_plan_holds(given, some_wishes(draw, given), move_others)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


def assert_plan_holds(given, wants, move_others):
    planned = plan(given, wants, move_others=move_others)
    before, game = Game(given), Game(given).play(planned.steps)
    refused = {each.want for each in planned.refusals}
    assert plan(given, wants, move_others=move_others) == planned
    assert_only_what_is_needed(planned, wants, refused, move_others)
    alike = Counter(want.item_hash for want in wants if want.item_id is None and want.kind != Kind.ROOM)
    for number, want in enumerate(wants):
        if want.kind != Kind.ROOM and alike[want.item_hash] > 1:
            continue  # one of them may take back what the other has brought
        assert number in refused or is_met(want, before, game), f"{want} is not met"
    assert amounts(game) == amounts(before)
    asked = {want.item_id for want in wants if want.kind in LOCKS}
    locks = {each.id: each.locked for each in before.items if each.id and each.id not in asked}
    assert {each.id: each.locked for each in game.items if each.id in locks} == locks


@pytest.mark.parametrize("part", range(PARTS))
def test_a_plan_made_anew_after_any_step_ends_as_the_first_would(part):
    for seed in range(part, SEEDS, PARTS):
        draw = random.Random(seed)
        given = some_world(draw)
        wants = some_wishes(draw, given, many=draw.choice([1, 5]))
        try:
            assert_goes_on(given, wants)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


@pytest.mark.parametrize("move_others", [True, False])
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_wished_in_whatever_world_planning_ends(part, move_others):
    for seed in range(part, SEEDS, PARTS):
        draw = random.Random(seed)
        given = torn(draw, some_world(draw))
        wants = any_wishes(draw, given)
        try:
            planned = plan(given, wants, move_others=move_others)
        except Exception as wrong:
            raise AssertionError(f"seed {seed}: {wrong!r}") from wrong
        refused = {each.want for each in planned.refusals}
        assert refused <= set(range(len(wants)))
        assert len(refused) == len(wants) or not any(step.want in refused for step in planned.steps), f"seed {seed}"


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_wished_in_whatever_world_it_ends_however_often_it_is_planned(part):
    for seed in range(TORN + part, TORN + SEEDS, PARTS):
        draw = random.Random(seed)
        given = torn(draw, some_world(draw))
        try:
            list(steps_anew(given, any_wishes(draw, given), move_others=draw.random() < 0.7))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


def assert_goes_on(given, wants):
    steps, after = anew(given, *wants)
    first = plan(given, wants)
    assert bool(steps) is bool(first.steps)
    assert len(wants) > 1 or first.refusals or is_met(wants[0], Game(given), after), f"{wants} are not met in the end"


def assert_only_what_is_needed(planned, wants, refused, move_others):
    named = {want.item_id for want in wants if want.kind in MOVES} - {None}
    for step in planned.steps:
        assert step.want not in refused, f"{step} is of a wish that is refused"
        assert not step.moves_other or (move_others and step.item_id not in named), f"{step} moves another"
        is_own = step.item_ids or step.item_id in (wants[step.want].item_id, None) or wants[step.want].kind == Kind.ROOM
        assert step.why != Why.WANTED or is_own, f"{step} is not as asked"


def is_met(want, before, game):
    if want.kind == Kind.ROOM:
        return game.free(game.place(want.to, want.item_hash)) >= max(want.quantity, 1)
    if want.item_id is None:
        return has_arrived(want, before, game)
    piece = game.find(want.item_id)
    if want.kind in LOCKS:
        return piece.locked == (want.kind == Kind.LOCK)
    if want.kind == Kind.PULL:
        return place(game, want.item_id) != POSTMASTER
    return place(game, want.item_id) == want.to and piece.equipped == (want.kind == Kind.EQUIP)


def has_arrived(want, before, game):
    """Of what no other wish is about. Of a unique stack at the postmaster, as much as fits."""
    bucket, goal = game.kinds[want.item_hash].bucket_hash, want.source if want.kind == Kind.PULL else want.to
    target = game.place(goal, bucket)
    source = game.place(want.source, bucket) if want.source and want.kind != Kind.PULL else None
    more = game.amount(want.item_hash, target) - before.amount(want.item_hash, target)
    if want.kind == Kind.PULL:
        return 0 < more <= (want.quantity or more)
    if want.quantity:
        return more == want.quantity or (more == 0 and source == target)
    left = {each.place for each in game.items if each.hash == want.item_hash and each.bucket_hash != LOST} - {target}
    return source not in left if source else not left


def amounts(game):
    many = Counter()
    for piece in game.items:
        many[piece.hash, piece.id] += piece.quantity
    return many
