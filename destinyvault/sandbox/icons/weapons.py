"""Weapons from the side, muzzle to the left: every type its own outline, every path its own details."""

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
    path,
    poly,
    ring,
    stroke,
    turned,
)

TILT = -24


def weapon(sub_type: int, rng: random.Random) -> str:
    draw = WEAPONS.get(sub_type, auto_rifle)
    return turned(draw(rng, rng.choice(ACCENTS)), TILT + rng.uniform(-4, 4), 1.12)


def grip(x: float, y: float = 6) -> str:
    return poly([(x, y), (x + 7, y), (x + 11, y + 14), (x + 4, y + 15)], SHADE)


def stock(rng: random.Random, x: float, y: float = -5) -> str:
    ends = [
        [(x, y), (x + 18, y + 2), (x + 19, y + 15), (x + 13, y + 15), (x, y + 8)],
        [(x, y + 1), (x + 19, y - 1), (x + 19, y + 12), (x + 10, y + 9), (x, y + 7)],
        [(x, y), (x + 10, y), (x + 19, y + 5), (x + 19, y + 14), (x + 14, y + 14), (x + 6, y + 8), (x, y + 8)],
    ]
    return poly(rng.choice(ends))


def sight(rng: random.Random, x: float, top: float, accent: str) -> str:
    kinds = [
        box(x, top - 4, 14, 4, SHADE, 1) + box(x + 1, top - 3, 2, 2, accent),
        box(x, top - 6, 10, 6, SHADE, 2) + disc(x + 2.5, top - 3, 1.6, accent),
        poly([(x, top), (x + 3, top - 5), (x + 6, top - 5), (x + 8, top)], SHADE),
    ]
    return rng.choice(kinds)


def rifle(
    rng: random.Random, accent: str, *, barrel: float, bore: float = 4, body: float = 26, height: float = 11, mag: str
) -> str:
    left = -8 - barrel / 3
    muzzle = max(-44, left - barrel)
    slope = rng.uniform(2, 7)
    return (
        box(muzzle, -2 - bore / 2, left - muzzle + 2, bore, SHADE, 1)
        + box(muzzle, -3 - bore / 2, 5, bore + 2, PALE, 1)
        + poly(
            [
                (left, -7),
                (left + body, -7),
                (left + body + 3, -3),
                (left + body, height - 6),
                (left + slope, height - 6),
            ]
        )
        + box(left + 4, -3, body * rng.uniform(0.35, 0.7), 2.2, accent, 1)
        + mag
        + grip(left + body - 9, height - 7)
        + stock(rng, left + body, -5)
    )


def magazine(x: float, length: float, lean: float, width: float = 8) -> str:
    return poly([(x, 4), (x + width, 4), (x + width - lean, 4 + length), (x - lean, 4 + length)], SHADE)


def auto_rifle(rng: random.Random, accent: str) -> str:
    mag = magazine(-8, rng.uniform(14, 18), rng.uniform(2, 6))
    return rifle(rng, accent, barrel=18, mag=mag) + sight(rng, -4, -7, accent)


def pulse_rifle(rng: random.Random, accent: str) -> str:
    mag = magazine(10, rng.uniform(11, 14), -2, 7)
    vents = "".join(box(-24 + 4 * place, -5, 2, 6, DARK) for place in range(3))
    return rifle(rng, accent, barrel=20, bore=6, body=34, mag=mag) + vents + sight(rng, 0, -7, accent)


def scout_rifle(rng: random.Random, accent: str) -> str:
    scope = box(-10, -15, 20, 5, PALE, 2) + box(-2, -10, 3, 4, SHADE) + disc(-10, -12.5, 2.6, accent)
    return rifle(rng, accent, barrel=27, bore=3, height=10, mag=magazine(-5, 9, 1, 7)) + scope


def sniper_rifle(rng: random.Random, accent: str) -> str:
    scope = (
        box(-12, -18, 26, 7, PALE, 3)
        + box(-4, -11, 3, 5, SHADE)
        + box(6, -11, 3, 5, SHADE)
        + disc(-12, -14.5, 3.6, accent)
    )
    legs = stroke("M-26 1 L-31 14 M-24 1 L-20 14", SHADE, 2) if rng.random() < 0.6 else ""
    return rifle(rng, accent, barrel=32, bore=3.4, body=30, height=10, mag=magazine(0, 8, 0, 8)) + scope + legs


def hand_cannon(rng: random.Random, accent: str) -> str:
    length = rng.uniform(30, 38)
    drum = box(-8, -11, 16, 15, SHADE, 4) + "".join(box(-5 + 4 * place, -9, 1.6, 11, DARK, 0.8) for place in range(3))
    return (
        poly([(8 - length, -12), (14, -13), (24, -8), (24, -2), (10, 2), (8 - length, -3)])
        + box(8 - length, -4, length - 12, 4, SHADE, 1)
        + drum
        + poly([(13, -3), (25, -6), (33, 22), (21, 24)], SHADE)
        + box(10 - length, -10, length * rng.uniform(0.4, 0.7), 2.4, accent, 1)
        + stroke("M6 4 Q9 12 16 9", PALE, 2)
    )


def sidearm(rng: random.Random, accent: str) -> str:
    return (
        poly([(-26, -12), (18, -12), (22, -8), (20, -1), (-22, -1), (-26, -5)])
        + poly([(4, -1), (18, -1), (25, 22), (13, 24)], SHADE)
        + box(-20, -9, rng.uniform(14, 26), 2.4, accent, 1)
        + stroke("M-2 0 Q0 9 9 7", PALE, 2)
        + box(-23, 1, 12, rng.uniform(3, 6), SHADE, 1)
    )


def submachine_gun(rng: random.Random, accent: str) -> str:
    return (
        box(-32, -5, 16, 4, SHADE, 1)
        + poly([(-18, -10), (16, -10), (20, -5), (16, 4), (-14, 4)])
        + magazine(-10, rng.uniform(16, 21), 1, 7)
        + grip(8, 3)
        + stroke(f"M19 -6 L34 -6 L34 {rng.randint(3, 8)}", PALE, 3)
        + box(-12, -7, rng.uniform(12, 20), 2.2, accent, 1)
        + sight(rng, -6, -10, accent)
    )


def shotgun(rng: random.Random, accent: str) -> str:
    pump = box(-27, 1, 15, 5, SHADE, 2) + "".join(box(-25 + 3.5 * place, 1.5, 1.4, 4, DARK) for place in range(4))
    barrels = box(-42, -6, 36, 4.4, PALE, 1) + box(-42, -1.4, 30, 3.4, SHADE, 1)
    body = poly([(-10, -8), (16, -8), (20, -3), (14, 6), (-10, 4)]) + box(-6, -4, rng.uniform(8, 16), 2.2, accent, 1)
    return barrels + pump + body + grip(8, 3) + stock(rng, 18, -5)


def machine_gun(rng: random.Random, accent: str) -> str:
    barrel = box(-44, -6, 26, 7, SHADE, 2) + "".join(box(-41 + 5 * place, -4.6, 3, 4, DARK, 1) for place in range(4))
    belt = box(-8, 4, 17, rng.uniform(13, 17), SHADE, 2) + box(-5, 8, 11, 2, accent)
    return (
        barrel
        + poly([(-20, -10), (18, -10), (22, -5), (20, 6), (-20, 5)])
        + belt
        + grip(12, 5)
        + stock(rng, 20, -5)
        + stroke("M-24 2 L-28 15 M-22 2 L-18 15", SHADE, 2)
        + stroke("M-6 -10 Q0 -17 8 -10", PALE, 2.4)
    )


def rocket_launcher(rng: random.Random, accent: str) -> str:
    flare = rng.uniform(9, 13)
    return (
        poly([(-44, -flare), (-34, -7), (28, -7), (38, -flare), (38, flare - 4), (28, 5), (-34, 5), (-44, flare - 4)])
        + box(-20, -7, 7, 12, SHADE)
        + box(8, -7, 5, 12, SHADE)
        + box(-8, -3, 12, 3, accent, 1)
        + box(-14, -14, 16, 6, SHADE, 2)
        + disc(-14, -11, 2.4, accent)
        + grip(-2, 5)
        + grip(14, 5)
    )


def grenade_launcher(rng: random.Random, accent: str) -> str:
    chambers = "".join(disc(x * 0.5, y * 0.5 + 4, 1.8, DARK) for x, y in around(9, rng.choice((5, 6))))
    return (
        box(-38, -8, 30, 9, PALE, 3)
        + box(-40, -9.5, 6, 12, SHADE, 2)
        + disc(0, 4, 11, SHADE)
        + chambers
        + poly([(6, -8), (22, -8), (26, -2), (20, 5), (6, 5)])
        + box(9, -4, 9, 2.4, accent, 1)
        + grip(14, 3)
        + stock(rng, 23, -5)
    )


def fusion_rifle(rng: random.Random, accent: str) -> str:
    coils = "".join(box(-30 + 6 * place, -9, 3.4, 12, accent, 1.5) for place in range(rng.choice((3, 4))))
    return (
        box(-36, -6, 30, 6, SHADE, 2)
        + coils
        + poly([(-10, -9), (14, -9), (20, -4), (16, 6), (-6, 6)])
        + disc(2, -1, 4, DARK)
        + disc(2, -1, 2.4, accent)
        + grip(8, 4)
        + stock(rng, 17, -5)
    )


def linear_fusion(rng: random.Random, accent: str) -> str:
    rails = box(-44, -8, 40, 2.6, PALE, 1) + box(-44, 0, 40, 2.6, PALE, 1)
    sparks = "".join(disc(-38 + 9 * place, -2.7, 1.8, accent) for place in range(rng.choice((3, 4))))
    body = poly([(-8, -10), (16, -10), (22, -4), (16, 6), (-8, 5)]) + box(-2, -4, 10, 2.6, accent, 1)
    scope = box(-6, -17, 18, 5, SHADE, 2) + disc(-6, -14.5, 2.4, accent)
    return rails + sparks + body + scope + grip(8, 4) + stock(rng, 18, -5)


def trace_rifle(rng: random.Random, accent: str) -> str:
    gap = rng.uniform(3, 5)
    return (
        path(f"M-42 {-gap - 3:.1f} L-12 -9 L-12 -5 L-38 {-gap:.1f} Z")
        + path(f"M-42 {gap + 1:.1f} L-12 6 L-12 2 L-38 {gap - 2:.1f} Z")
        + disc(-14, -1.5, 4.4, accent)
        + poly([(-14, -10), (14, -10), (22, -3), (14, 7), (-14, 7)])
        + ring(2, -2, 5, SHADE, 2)
        + disc(2, -2, 2.4, accent)
        + grip(8, 4)
        + stock(rng, 18, -5)
    )


def sword(rng: random.Random, accent: str) -> str:
    wide, curve = rng.uniform(5, 8), rng.uniform(-7, 3)
    blade = path(
        f"M-44 {curve:.1f} Q-16 {-wide - 3:.1f} 14 {-wide:.1f} L14 {wide:.1f} Q-18 {wide:.1f} -44 {curve:.1f} Z"
    )
    edge = stroke(f"M-38 {curve * 0.8:.1f} Q-14 -1 12 0", SHADE, 1.6)
    guard = poly([(13, -13), (19, -9), (19, 9), (13, 13)], SHADE)
    return blade + edge + guard + box(18, -3, 19, 6, "url(#p)", 2) + disc(39, 0, 4, accent)


def glaive(rng: random.Random, accent: str) -> str:
    blade = path("M-46 -2 Q-30 -14 -14 -6 L-14 5 Q-30 10 -46 -2 Z") + stroke("M-40 -2 Q-28 -6 -16 -1", SHADE, 1.6)
    emitter = box(-16, -8, 8, 15, SHADE, 3) + disc(-12, -0.5, rng.uniform(2, 3.2), accent)
    shaft = box(-8, -2.6, 46, 5, "url(#p)", 2) + box(rng.uniform(2, 12), -3.6, 9, 7, SHADE, 2)
    return blade + emitter + shaft + poly([(36, -6), (45, 0), (36, 6)], SHADE)


def bow(rng: random.Random, accent: str) -> str:
    bend = rng.uniform(22, 30)
    limbs = stroke(f"M14 -38 Q{-bend:.1f} -26 -14 -6 L-14 6 Q{-bend:.1f} 26 14 38", PALE, 5)
    string = stroke("M14 -38 L14 38", SHADE, 1.4)
    arrow = stroke("M-34 0 L14 0", SHADE, 2) + poly([(-42, 0), (-32, -4), (-32, 4)], accent)
    wheels = ring(13, -37, 4, SHADE, 2) + ring(13, 37, 4, SHADE, 2) if rng.random() < 0.5 else ""
    return turned(limbs + string + arrow + wheels + box(-18, -8, 7, 16, SHADE, 2), -TILT / 2)


WEAPONS: dict[int, Callable[[random.Random, str], str]] = {
    6: auto_rifle,
    7: shotgun,
    8: machine_gun,
    9: hand_cannon,
    10: rocket_launcher,
    11: fusion_rifle,
    12: sniper_rifle,
    13: pulse_rifle,
    14: scout_rifle,
    17: sidearm,
    18: sword,
    22: linear_fusion,
    23: grenade_launcher,
    24: submachine_gun,
    25: trace_rifle,
    31: bow,
    33: glaive,
}
