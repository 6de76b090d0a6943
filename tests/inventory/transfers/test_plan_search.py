"""The planner against a search of everything: on small worlds it finds a way wherever there is one.

The rules of both: one bucket on three characters and the vault; an item goes from a character into the vault or from
there to a character, where there is a place free at that moment; what is fixed never moves; any other item may move
aside. Nothing here is worn: for that there are the cases of test_plan.
"""

from collections import Counter, deque

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.transfers.planner import plan
from tests.inventory.transfers.game import Game
from tests.inventory.transfers.planned import VAULT, move, place
from tests.inventory.transfers.worlds import HUNTER, TITAN, WARLOCK, weapon, world

PLACES = (VAULT, HUNTER, TITAN, WARLOCK)


@st.composite
def small(draw):
    """Which item is where, which are fixed, how much room there is, and one wish."""
    room, vault_room = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    counts = [draw(st.integers(0, vault_room)), *(draw(st.integers(0, room)) for _ in PLACES[1:])]
    where = [place for place, count in zip(PLACES, counts, strict=True) for _ in range(count)]
    fixed = [draw(st.integers(0, 4)) == 0 for _ in where]
    chosen = draw(st.integers(0, max(len(where) - 1, 0)))
    return where, fixed, room, vault_room, chosen, draw(st.sampled_from(PLACES))


def made(where, fixed, room, vault_room):
    lying = {place: [] for place in PLACES}
    for number, (store, stays) in enumerate(zip(where, fixed, strict=True)):
        lying[store].append(weapon(number + 1, fixed=stays))
    stores = {"vault": lying[VAULT], "hunter": lying[HUNTER], "titan": lying[TITAN], "warlock": lying[WARLOCK]}
    return world(**stores, room=room, vault_room=vault_room)


def is_reachable(where, fixed, room, vault_room, chosen, to):
    start = tuple(where)
    seen, waiting = {start}, deque([start])
    while waiting:
        state = waiting.popleft()
        if state[chosen] == to:
            return True
        filled = Counter(state)
        for number, store in enumerate(state):
            for goal in (PLACES[1:] if store == VAULT else (VAULT,)) if not fixed[number] else ():
                if filled[goal] < (vault_room if goal == VAULT else room):
                    after = (*state[:number], goal, *state[number + 1 :])
                    if after not in seen:
                        seen.add(after)
                        waiting.append(after)
    return False


def ended(where, fixed, room, vault_room, steps):
    """Where everything is in the end, by the rules of the game."""
    game = Game(made(where, fixed, room, vault_room)).play(steps)
    return [place(game, number + 1) for number in range(len(where))]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(small())
def test_there_is_a_plan_wherever_there_is_a_way_and_it_keeps_the_rules(case):
    where, fixed, room, vault_room, chosen, to = case
    if not where:
        return
    planned = plan(made(where, fixed, room, vault_room), [move(chosen + 1, to)])
    possible = is_reachable(where, fixed, room, vault_room, chosen, to)
    assert bool(planned.refusals) is not possible
    end = ended(where, fixed, room, vault_room, planned.steps)
    assert not possible or end[chosen] == to
    assert possible or not planned.steps


@settings(max_examples=250, deadline=None, derandomize=True)
@given(small(), st.data())
def test_several_wishes_together_are_met_by_no_more_calls_than_one_by_one(case, data):
    """Unless one of them, planned by itself, would take away what another has brought: together none does."""
    where, fixed, room, vault_room, *_ = case
    chosen = data.draw(st.lists(st.sampled_from(range(len(where))), max_size=4, unique=True)) if where else []
    wishes = {number: data.draw(st.sampled_from(PLACES)) for number in chosen}
    wants = [move(number + 1, to) for number, to in wishes.items()]
    together = plan(made(where, fixed, room, vault_room), wants)
    refused = {each.want for each in together.refusals}
    end = ended(where, fixed, room, vault_room, together.steps)
    assert all(number in refused or end[at] == wishes[at] for number, at in enumerate(wishes))
    apart = one_by_one(where, fixed, room, vault_room, wants)
    assert apart is None or (not refused and len(together.steps) <= apart)


def one_by_one(where, fixed, room, vault_room, wants):
    """How many calls; None where one of the wishes has no way, or takes back what another has brought."""
    calls, met = 0, set()
    for want in wants:
        single = plan(made(where, fixed, room, vault_room), [want])
        if single.refusals or any(step.item_id in met for step in single.steps):
            return None
        where = ended(where, fixed, room, vault_room, single.steps)
        calls += len(single.steps)
        met.add(want.item_id)
    return calls
