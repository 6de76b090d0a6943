"""Everything else that lies in a bag: ghosts, ships, stacks, quests, engrams."""

import random
from collections.abc import Callable

from destinyvault.sandbox.icons.canvas import (
    ACCENTS,
    DARK,
    PALE,
    SHADE,
    around,
    box,
    disc,
    mirrored,
    mixed,
    path,
    poly,
    ring,
    star,
    stroke,
    turned,
)
from destinyvault.sandbox.icons.glyphs import perk


def ghost(rng: random.Random, accent: str) -> str:
    spread = rng.uniform(3, 7)
    long = rng.uniform(30, 38)
    shard = poly([(0, -spread - 5), (13, -18), (0, -long), (-13, -18)])
    side = poly([(8, -13), (15, -17), (19, -8), (12, -6)], SHADE)
    shell = "".join(turned(shard, 90 * place) + turned(side, 90 * place) for place in range(4))
    return (
        turned(shell, rng.choice((0, 0, 45, 20))) + disc(0, 0, 11, DARK) + disc(0, 0, 7, accent) + disc(0, 0, 3, PALE)
    )


def ship(rng: random.Random, accent: str) -> str:
    wing, sweep = rng.uniform(26, 40), rng.uniform(8, 28)
    hull = path("M0 -42 Q9 -20 9 14 L5 32 L-5 32 L-9 14 Q-9 -20 0 -42 Z")
    wings = mirrored(poly([(7, -8), (wing, sweep - 2), (wing, sweep + 8), (8, 20)], SHADE))
    tail = mirrored(poly([(5, 22), (17, 34), (17, 39), (4, 33)], SHADE))
    return turned(
        wings + tail + hull + path("M0 -30 Q5 -18 4 -8 L-4 -8 Q-5 -18 0 -30 Z", accent) + box(-1.4, 2, 2.8, 22, SHADE),
        rng.choice((38, -38)),
    )


def sparrow(rng: random.Random, accent: str) -> str:
    nose = rng.uniform(38, 44)
    body = path(f"M{-nose:.1f} 4 Q-16 -10 10 -9 L34 -14 L40 -6 L30 6 L4 10 L-22 9 Z")
    fin = poly([(12, -9), (28, -26), (35, -24), (28, -10)], SHADE)
    fork = poly([(-nose, 4), (-24, 12), (-8, 12), (-18, 6)], SHADE)
    glow = box(33, -10, 10, 6, accent, 3)
    return turned(glow + fin + fork + body + stroke("M-22 2 Q0 -3 24 -5", accent, 2) + disc(2, -2, 4, DARK), -12)


def engram(rng: random.Random, accent: str) -> str:
    outer, inner = around(38, 6), around(19, 3, 90)
    facets = "".join(
        poly(
            [outer[side], outer[(side + 1) % 6], inner[side // 2 % 3]],
            mixed("#ffffff", "#9aa3b2", side / 6),
            ' opacity=".9"',
        )
        for side in range(6)
    )
    return poly(outer, SHADE) + facets + poly(inner, PALE) + ring(0, 0, 6, accent, 3)


def material(rng: random.Random, accent: str) -> str:
    crystals = []
    for _ in range(rng.choice((3, 4, 5))):
        tall, wide = rng.uniform(20, 40), rng.uniform(6, 10)
        shape = [(-wide, 0), (-wide * 0.7, -tall), (0, -tall - wide), (wide * 0.7, -tall), (wide, 0), (0, wide)]
        left = poly(shape) + poly([(0, wide), (0, -tall - wide), (wide * 0.7, -tall), (wide, 0)], SHADE)
        crystals.append(f'<g transform="translate({rng.randint(-12, 12)} 20)">{turned(left, rng.uniform(-42, 42))}</g>')
    return "".join(crystals) + disc(0, 22, 7, accent, ' opacity=".85"')


def consumable(rng: random.Random, accent: str) -> str:
    kinds: list[Callable[[str], str]] = [flask, crate, coin, key_card, charm]
    return rng.choice(kinds)(accent)


def flask(accent: str) -> str:
    glass = path("M-8 -34 L8 -34 L8 -14 Q27 -4 25 18 Q22 36 0 36 Q-22 36 -25 18 Q-27 -4 -8 -14 Z")
    return glass + path("M-20 12 Q0 4 20 12 Q19 31 0 31 Q-19 31 -20 12 Z", accent) + box(-11, -40, 22, 8, SHADE, 3)


def crate(accent: str) -> str:
    lid = poly([(-30, -14), (0, -28), (30, -14), (0, 0)])
    sides = poly([(-30, -14), (0, 0), (0, 34), (-30, 18)], SHADE) + poly(
        [(30, -14), (0, 0), (0, 34), (30, 18)], "#8f97a5"
    )
    return lid + sides + poly([(-8, -24), (8, -17), (8, 8), (2, 12), (2, -12), (-12, -20)], accent, ' opacity=".9"')


def coin(accent: str) -> str:
    return disc(0, 0, 33) + ring(0, 0, 27, SHADE, 3) + poly(star(19, 8, 6), accent) + disc(0, 0, 5, DARK)


def key_card(accent: str) -> str:
    lines = stroke("M-14 10 L14 10 M-14 18 L6 18", SHADE, 3)
    return turned(box(-23, -33, 46, 66, "url(#p)", 5) + box(-15, -25, 30, 24, accent, 3) + lines, -12)


def charm(accent: str) -> str:
    cord = stroke("M0 -12 Q-26 -26 -10 -38 Q0 -44 10 -38 Q26 -26 0 -12", SHADE, 3)
    return cord + poly(around(26, 5, 90), "url(#p)", ' transform="translate(0 12)"') + disc(0, 12, 9, accent)


def modification(rng: random.Random, accent: str) -> str:
    frame = poly(around(42, 4), "none", f' stroke="{SHADE}" stroke-width="4"')
    return frame + f'<g transform="scale(.55)">{perk(rng)}</g>' + poly([(0, 30), (8, 38), (0, 46), (-8, 38)], accent)


def shader(rng: random.Random, accent: str) -> str:
    colours = rng.sample(ACCENTS, 4)
    cells = [poly([(x * 1.0 - 0, y), (0, 0), (x2, y2)], colour) for colour, (x, y), (x2, y2) in wedges(colours)]
    return "".join(cells) + poly(around(36, 4), "none", f' stroke="{PALE}" stroke-width="4"') + disc(0, 0, 9, DARK)


def wedges(colours: list[str]) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
    corners = around(36, 4)
    return [(colour, corners[place], corners[(place + 1) % 4]) for place, colour in enumerate(colours)]


def quest(rng: random.Random, accent: str) -> str:
    banner = path("M-24 -38 L24 -38 L24 22 L0 38 L-24 22 Z") + stroke("M-18 -32 L18 -32", SHADE, 2)
    return banner + f'<g transform="translate(0 -4) scale(.52)">{perk(rng, DARK)}</g>' + disc(0, 27, 4, accent)


def bounty(rng: random.Random, accent: str) -> str:
    card = box(-26, -36, 52, 72, "url(#p)", 4) + box(-26, -36, 52, 14, accent, 4)
    lines = stroke("M-17 14 L17 14 M-17 22 L8 22", SHADE, 3)
    return card + f'<g transform="translate(0 -5) scale(.32)">{perk(rng, DARK)}</g>' + lines


def finisher(rng: random.Random, accent: str) -> str:
    burst = poly(star(42, 17, rng.choice((7, 8, 9))))
    return turned(burst, rng.uniform(0, 40)) + path("M-9 -16 L11 -16 L3 -3 L14 -3 L-9 20 L-3 3 L-13 3 Z", accent)


def emote(rng: random.Random, accent: str) -> str:
    arm = rng.choice(("M0 -12 L-24 -30 M0 -12 L22 6", "M0 -12 L-22 4 M0 -12 L26 -26", "M0 -12 L-26 -28 M0 -12 L26 -28"))
    leg = rng.choice(("M0 12 L-14 38 M0 12 L14 38", "M0 12 L-18 36 M0 12 L22 22", "M0 12 L-4 38 M0 12 L20 34"))
    return (
        disc(0, -29, 9)
        + stroke("M0 -18 L0 12", PALE, 8)
        + stroke(arm, PALE, 6)
        + stroke(leg, SHADE, 6)
        + ring(0, 0, 42, accent, 2)
    )


def banner(rng: random.Random, accent: str) -> str:
    cloth = path("M-22 -32 L22 -32 L22 20 L0 34 L-22 20 Z", accent) + stroke("M-28 -36 L28 -36", PALE, 5)
    return cloth + f'<g transform="translate(0 -6) scale(.46)">{perk(rng)}</g>'


def artifact(rng: random.Random, accent: str) -> str:
    rings = "".join(ring(0, 0, 14 + 10 * place, SHADE if place else PALE, 4) for place in range(3))
    return (
        rings + poly(around(12, rng.choice((3, 4, 6))), accent) + "".join(disc(x, y, 4) for x, y in around(34, 4, 45))
    )


def currency(rng: random.Random, accent: str) -> str:
    cube = poly([(-14, -8), (0, -16), (14, -8), (0, 0)]) + poly([(-14, -8), (0, 0), (0, 16), (-14, 8)], SHADE)
    cube += poly([(14, -8), (0, 0), (0, 16), (14, 8)], accent)
    places = ((-15, 12), (15, 12), (0, -14))
    return "".join(f'<g transform="translate({x} {y})">{cube}</g>' for x, y in places)


def package(rng: random.Random, accent: str) -> str:
    return crate(accent)


def portrait(rng: random.Random, accent: str) -> str:
    shoulders = path("M-38 44 Q-36 12 -12 8 L12 8 Q36 12 38 44 Z", SHADE)
    hood = path("M0 -40 Q26 -38 24 -6 Q22 14 0 18 Q-22 14 -24 -6 Q-26 -38 0 -40 Z")
    return (
        shoulders
        + hood
        + path("M0 -28 Q14 -26 14 -6 Q12 8 0 10 Q-12 8 -14 -6 Q-14 -26 0 -28 Z", DARK)
        + mirrored(disc(6, -8, 2.6, accent))
    )


def unknown(rng: random.Random, accent: str) -> str:
    return poly(around(38, 4), "none", f' stroke="{SHADE}" stroke-width="4" stroke-dasharray="9 6"') + stroke(
        "M-9 -10 Q-8 -22 2 -21 Q13 -19 9 -8 Q2 -2 1 6 M1 17 L1 18", PALE, 6
    )


OBJECTS: dict[str, Callable[[random.Random, str], str]] = {
    "ghost": ghost,
    "ship": ship,
    "vehicle": sparrow,
    "engram": engram,
    "material": material,
    "consumable": consumable,
    "mod": modification,
    "shader": shader,
    "quest": quest,
    "bounty": bounty,
    "finisher": finisher,
    "emote": emote,
    "banner": banner,
    "artifact": artifact,
    "currency": currency,
    "package": package,
    "vendor": portrait,
    "unknown": unknown,
}


def thing(role: str, rng: random.Random) -> str:
    return OBJECTS.get(role, consumable)(rng, rng.choice(ACCENTS))
