"""Signs: elements, classes, perks, stats."""

import random
from collections.abc import Callable

from destinyvault.sandbox.icons.canvas import PALE, around, disc, mirrored, path, poly, ring, star, stroke, turned

ELEMENT_COLOURS = {1: "#ffffff", 2: "#7aecf3", 3: "#f2721b", 4: "#b184c5", 6: "#4d88ff", 7: "#35e366"}


def element(number: int, colour: str = "") -> str:
    draw = ELEMENTS.get(number, kinetic)
    return draw(colour or ELEMENT_COLOURS.get(number, PALE))


def kinetic(colour: str) -> str:
    dots = "".join(disc(x, y, 7, colour) for x, y in around(24, 6))
    return dots + disc(0, 0, 10, colour)


def arc(colour: str) -> str:
    return path("M8 -38 L-22 6 L-3 4 L-10 38 L22 -8 L3 -6 Z", colour) + ring(0, 0, 38, colour, 3)


def solar(colour: str) -> str:
    flame = path("M2 -38 Q30 -12 22 14 Q18 36 0 38 Q-22 36 -24 12 Q-22 -2 -10 -10 Q-8 0 -2 2 Q-6 -20 2 -38 Z", colour)
    return flame + path("M1 8 Q12 16 8 26 Q4 33 -2 32 Q-12 28 -9 20 Q-4 18 1 8 Z", "#00000055")


def void(colour: str) -> str:
    return stroke("M0 0 Q8 -14 20 -4 Q28 14 8 24 Q-20 30 -28 4 Q-30 -26 2 -34 Q32 -36 38 -4", colour, 7) + disc(
        0, 2, 6, colour
    )


def stasis(colour: str) -> str:
    arm = poly([(0, -6), (6, -22), (0, -40), (-6, -22)], colour) + mirrored(
        poly([(4, -14), (15, -24), (9, -10)], colour)
    )
    return "".join(turned(arm, 60 * place) for place in range(6))


def strand(colour: str) -> str:
    loop = stroke("M0 0 Q22 -36 34 -16 Q38 4 0 0", colour, 5)
    return "".join(turned(loop, 90 * place) for place in range(4)) + disc(0, 0, 5, colour)


ELEMENTS: dict[int, Callable[[str], str]] = {1: kinetic, 2: arc, 3: solar, 4: void, 6: stasis, 7: strand}


def class_sign(class_type: int, colour: str = PALE) -> str:
    if class_type == 0:
        return poly(around(38, 6, -90), "none", f' stroke="{colour}" stroke-width="6"') + poly(
            around(20, 6, -90), colour
        )
    if class_type == 1:
        return "".join(
            stroke(f"M-32 {-26 + 22 * row} L0 {-4 + 22 * row} L32 {-26 + 22 * row}", colour, 7) for row in range(3)
        )
    return poly(around(40, 3, -90), "none", f' stroke="{colour}" stroke-width="6"') + poly(around(18, 3, 90), colour)


def perk(rng: random.Random, colour: str = PALE) -> str:
    """A round sign: one motif turned a few times about the middle."""
    motif, turns = rng.choice(MOTIFS)(rng, colour), rng.choice((1, 2, 3, 4, 6))
    centre = rng.choice(("", disc(0, 0, 5, colour), ring(0, 0, 8, colour, 3), poly(around(8, 4), colour)))
    start = rng.choice((0, 45, 90, 180))
    figure = "".join(turned(motif, start + 360 * place / turns) for place in range(turns))
    return ring(0, 0, 38, colour, 3) + f'<g transform="scale(.72)">{figure}{centre}</g>'


def chevron(rng: random.Random, colour: str) -> str:
    rows = rng.choice((1, 2))
    return "".join(
        stroke(f"M-12 {-18 - 12 * row} L0 {-30 - 12 * row} L12 {-18 - 12 * row}", colour, 5) for row in range(rows)
    )


def drop(rng: random.Random, colour: str) -> str:
    return path("M0 -42 Q14 -22 0 -12 Q-14 -22 0 -42 Z", colour)


def bar(rng: random.Random, colour: str) -> str:
    return stroke(f"M0 -14 L0 {-rng.randint(30, 42)}", colour, rng.choice((4, 7)))


def bow_line(rng: random.Random, colour: str) -> str:
    return stroke(f"M-24 -20 Q0 {-rng.randint(36, 50)} 24 -20", colour, 5)


def spark(rng: random.Random, colour: str) -> str:
    return poly([(x, y - 28) for x, y in star(13, 5, rng.choice((4, 5, 6)))], colour)


def bullet(rng: random.Random, colour: str) -> str:
    return path("M-6 -14 L-6 -30 Q0 -44 6 -30 L6 -14 Z", colour)


MOTIFS = (chevron, drop, bar, bow_line, spark, bullet)
