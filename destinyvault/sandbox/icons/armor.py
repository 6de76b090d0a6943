"""Armor from the front: five pieces, three ways to wear them."""

import random

from destinyvault.sandbox.icons.canvas import (
    ACCENTS,
    DARK,
    PALE,
    SHADE,
    box,
    disc,
    mirrored,
    path,
    poly,
    stroke,
    turned,
)

TITAN, HUNTER, WARLOCK = 0, 1, 2
HELMET, GAUNTLETS, CHEST, LEGS, CLASS_ITEM = 26, 27, 28, 29, 30


def armor(sub_type: int, class_type: int, rng: random.Random) -> str:
    accent = rng.choice(ACCENTS)
    match sub_type:
        case 26:
            return helmet(class_type, rng, accent)
        case 27:
            return gauntlet(class_type, rng, accent)
        case 28:
            return chest(class_type, rng, accent)
        case 29:
            return legs(class_type, rng, accent)
    return class_item(class_type, rng, accent)


def helmet(class_type: int, rng: random.Random, accent: str) -> str:
    if class_type == TITAN:
        return titan_helm(rng, accent)
    return hunter_mask(rng, accent) if class_type == HUNTER else warlock_hood(rng, accent)


def titan_helm(rng: random.Random, accent: str) -> str:
    jaw = rng.uniform(18, 24)
    dome = path(f"M0 -34 Q30 -34 30 -4 L{jaw:.1f} 30 L6 34 L-6 34 L{-jaw:.1f} 30 L-30 -4 Q-30 -34 0 -34 Z")
    visors = [
        path("M-23 -8 L0 -1 L23 -8 L20 4 L5 8 L5 24 L-5 24 L-5 8 L-20 4 Z", DARK),
        path("M-24 -8 L24 -8 L19 6 L-19 6 Z", DARK) + box(-2.5, 6, 5, 20, DARK),
        path("M-22 -12 L-4 0 L-4 8 L-20 2 Z M22 -12 L4 0 L4 8 L20 2 Z", DARK),
    ]
    crest = path("M-4 -42 L4 -42 L5 -14 L-5 -14 Z", SHADE) if rng.random() < 0.6 else ""
    return dome + rng.choice(visors) + crest + stroke("M-15 -4 L15 -4", accent, 2)


def hunter_mask(rng: random.Random, accent: str) -> str:
    hood = path("M0 -38 Q34 -34 33 12 L26 34 L14 24 L-14 24 L-26 34 L-33 12 Q-34 -34 0 -38 Z", SHADE)
    face = path("M0 -24 Q19 -20 18 4 L10 28 L0 33 L-10 28 L-18 4 Q-19 -20 0 -24 Z")
    slit = rng.uniform(4, 8)
    visor = path(f"M-15 -8 Q0 -2 15 -8 L13 {-8 + slit:.1f} Q0 {slit:.1f} -13 {-8 + slit:.1f} Z", DARK)
    vents = mirrored(stroke("M4 14 L11 11 M3 20 L9 18", SHADE, 1.8))
    return hood + face + visor + vents + stroke("M-8 -5 Q0 -2 8 -5", accent, 1.8)


def warlock_hood(rng: random.Random, accent: str) -> str:
    tall = rng.uniform(36, 42)
    dome = path(f"M0 {-tall:.1f} Q22 -32 23 -4 Q22 22 0 35 Q-22 22 -23 -4 Q-22 -32 0 {-tall:.1f} Z")
    glass = path("M0 -22 Q15 -18 15 0 Q13 16 0 22 Q-13 16 -15 0 Q-15 -18 0 -22 Z", DARK)
    marks = [
        disc(0, -2, 5, accent) + disc(0, -2, 2.2, PALE),
        stroke("M-9 4 Q0 -10 9 4", accent, 2.4),
        poly([(0, -12), (4, -2), (0, 8), (-4, -2)], accent),
    ]
    return dome + glass + rng.choice(marks) + mirrored(poly([(21, -8), (30, -16), (26, 8)], SHADE))


def gauntlet(class_type: int, rng: random.Random, accent: str) -> str:
    flare = {TITAN: 17, HUNTER: 11, WARLOCK: 14}.get(class_type, 13) + rng.uniform(-1, 3)
    arm = path(f"M{-flare:.1f} -38 L{flare:.1f} -36 L10 2 L-10 2 Z") + path("M-10 4 L10 4 L13 18 L-12 18 Z", SHADE)
    fingers = "".join(box(-12 + 6.3 * place, 19, 5, rng.uniform(12, 16), "url(#p)", 2.4) for place in range(4))
    thumb = path("M12 8 L20 16 L17 25 L12 18 Z", SHADE)
    plates = "".join(
        stroke(f"M{-flare + 5 + 2 * row:.1f} {-28 + 9 * row} L{flare - 5 - 2 * row:.1f} {-27 + 9 * row}", DARK, 1.6)
        for row in range(rng.choice((2, 3)))
    )
    return turned(arm + fingers + thumb + plates + box(-4, -12, 8, 3, accent, 1), rng.choice((-16, 16)))


def chest(class_type: int, rng: random.Random, accent: str) -> str:
    if class_type == WARLOCK:
        return robes(rng, accent)
    broad = 35 if class_type == TITAN else 27
    waist = rng.uniform(13, 18)
    body = path(f"M-11 -30 L11 -30 L22 -24 L24 4 L{waist:.1f} 33 L{-waist:.1f} 33 L-24 4 L-22 -24 Z")
    shoulder = mirrored(path(f"M19 -32 Q{broad + 3} -30 {broad} -6 L24 -8 L20 -22 Z", SHADE))
    plates = stroke("M-20 -8 Q0 2 20 -8 M0 -3 L0 30", DARK, 1.8) + stroke("M-13 12 L13 12 M-11 21 L11 21", SHADE, 2)
    straps = stroke("M-18 -26 L16 26", SHADE, 4) if class_type == HUNTER else ""
    return body + shoulder + plates + straps + disc(0, -14, rng.uniform(3, 5), accent)


def robes(rng: random.Random, accent: str) -> str:
    hem = rng.uniform(22, 29)
    coat = path(f"M-10 -34 L10 -34 L24 -26 L18 0 L{hem:.1f} 38 L6 32 L0 38 L-6 32 L{-hem:.1f} 38 L-18 0 L-24 -26 Z")
    collar = mirrored(path("M6 -34 L16 -40 L20 -28 L4 -14 Z", SHADE))
    seams = stroke("M0 -14 L0 34", DARK, 1.8) + mirrored(stroke("M12 2 L17 34", SHADE, 1.8))
    return coat + collar + seams + box(-15, -2, 30, 4.4, accent, 1)


def legs(class_type: int, rng: random.Random, accent: str) -> str:
    wide = {TITAN: 17, HUNTER: 13, WARLOCK: 14}.get(class_type, 14)
    knee = rng.uniform(5, 9)
    leg = (
        path(f"M2 -36 L{wide + 4} -36 L{wide} 2 L{wide - 1} 26 L{wide + 7} 33 L{wide + 6} 38 L4 38 L4 2 Z")
        + path(f"M4 {-4 - knee:.1f} L{wide} {-4 - knee:.1f} L{wide + 2} 3 L10 9 L3 3 Z", SHADE)
        + stroke(f"M6 18 L{wide - 2} 18", DARK, 1.6)
        + box(7, -28, wide - 8, 3, accent, 1)
    )
    return mirrored(leg) + box(-wide - 4, -40, 2 * wide + 8, 6, SHADE, 2)


def class_item(class_type: int, rng: random.Random, accent: str) -> str:
    if class_type == HUNTER:
        return cloak(rng, accent)
    return bond(rng, accent) if class_type == WARLOCK else mark(rng, accent)


def mark(rng: random.Random, accent: str) -> str:
    tip = rng.uniform(26, 38)
    cloth = path(f"M-18 -26 L18 -26 L16 20 L0 {tip:.1f} L-16 20 Z") + stroke("M-10 -18 L-9 18 M10 -18 L9 18", SHADE, 2)
    signs = [
        poly([(0, -14), (9, -2), (0, 14), (-9, -2)], accent),
        stroke("M-8 -6 L0 -14 L8 -6 M-8 4 L0 -4 L8 4", accent, 3),
        disc(0, -2, 8, accent) + disc(0, -2, 4, PALE),
    ]
    return cloth + box(-26, -36, 52, 9, SHADE, 3) + box(-5, -37, 10, 11, PALE, 2) + rng.choice(signs)


def cloak(rng: random.Random, accent: str) -> str:
    tear = rng.uniform(24, 34)
    cape = path(f"M-12 -34 Q0 -26 12 -34 L26 -20 L30 34 L18 {tear:.1f} L8 38 L-4 {tear:.1f} L-16 38 L-28 30 L-26 -20 Z")
    hood = path("M-13 -34 Q0 -44 13 -34 Q8 -20 0 -18 Q-8 -20 -13 -34 Z", SHADE)
    folds = stroke("M-12 -12 L-17 28 M12 -12 L18 26 M0 -12 L-1 24", SHADE, 2)
    return cape + hood + folds + stroke("M-14 8 Q0 16 16 8", accent, 3)


def bond(rng: random.Random, accent: str) -> str:
    ring = (
        '<ellipse rx="30" ry="20" fill="none" stroke="url(#p)" stroke-width="9"/>'
        '<ellipse rx="30" ry="20" fill="none" stroke="#2b2f38" stroke-opacity=".25" stroke-width="2"/>'
    )
    gems = [poly([(0, 8), (9, 20), (0, 33), (-9, 20)], accent), disc(0, 20, 9, accent) + disc(0, 20, 4, PALE)]
    return turned(ring, rng.uniform(-14, 14)) + rng.choice(gems) + mirrored(disc(21, 13, 3, SHADE))
