"""Planning: five hundred moves at once, of a thousand items, and five hundred that cannot be."""

import statistics
import time

from inventory.transfers.planner import plan
from inventory.transfers.wants import Kind, Want
from tests.bench.targets import say, tell
from tests.inventory.transfers.worlds import ENERGY, HEAVY, HELMET, HUNTER, KINETIC, LEGS, TITAN, weapon, world

ROUNDS = 7
SLOTS = (KINETIC, ENERGY, HEAVY, HELMET, LEGS)
MANY = 500


def main() -> None:
    say("Planning, of a thousand items")
    stored = [weapon(number, SLOTS[number % 5], power=1900 + number % 100) for number in range(1, 901)]
    carried = [weapon(number, SLOTS[number % 5], power=1900 + number % 100) for number in range(901, 1001)]
    owned = world(vault=stored, hunter=carried[:50], titan=carried[50:], room=200)
    out = [Want(Kind.MOVE, str(number), to=TITAN) for number in range(1, MANY + 1)]
    tell(f"{MANY} moves", timed(owned, out), " ms", at_most=200, note=f"median of {ROUNDS}")
    full = world(vault=stored, hunter=carried[:50], titan=carried[50:], room=10)
    tell(f"{MANY} moves into full buckets", timed(full, out), " ms", at_most=200, note="most cannot be")
    across = [Want(Kind.MOVE, each.id, to=HUNTER if place >= 50 else TITAN) for place, each in enumerate(carried)]
    tell("100 from one character to another", timed(owned, across), " ms")


def timed(owned: object, wants: list[Want]) -> float:
    """Milliseconds at the median."""

    def once() -> float:
        started = time.perf_counter()
        plan(owned, wants)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(ROUNDS)) * 1000


if __name__ == "__main__":
    main()
