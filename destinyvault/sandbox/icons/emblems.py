"""Emblems and everything else that is a picture rather than a thing: banners, screenshots, watermarks, logos."""

import random

from destinyvault.sandbox.icons.canvas import (
    ACCENTS,
    PEWTER,
    around,
    disc,
    mixed,
    number,
    poly,
    ring,
    star,
    stroke,
    svg,
    turned,
)
from destinyvault.sandbox.icons.glyphs import perk

GROUNDS = ("#1f3a5f", "#5a1f2e", "#21483a", "#3d2a63", "#6b4a1d", "#1d4d57", "#4a2140", "#2c3140", "#574a2a", "#123c33")


def ground(rng: random.Random, width: int, height: int) -> tuple[str, str]:
    """A gradient and drifting shapes of one colour family."""
    base, other = rng.sample(GROUNDS, 2)
    accent = rng.choice(ACCENTS)
    first, middle, last = mixed(base, "#000000", 0.25), mixed(base, accent, 0.18), mixed(other, "#000000", 0.3)
    defs = (
        f'<linearGradient id="e" x1="0" y1="0" x2="1" y2="{number(rng.uniform(0.2, 1))}"><stop stop-color="{first}"/>'
        f'<stop offset=".55" stop-color="{middle}"/><stop offset="1" stop-color="{last}"/></linearGradient>'
    )
    drift = "".join(drifting(rng, accent, width, height) for _ in range(7))
    return defs, f'<rect width="{width}" height="{height}" fill="url(#e)"/>{drift}'


def drifting(rng: random.Random, accent: str, width: int, height: int) -> str:
    x, y = rng.uniform(width * 0.15, width * 1.05), rng.uniform(-0.2 * height, 1.2 * height)
    size, colour = rng.uniform(0.3, 1.1) * height, rng.choice((accent, "#ffffff", "#000000"))
    shape = rng.choice(
        (
            poly(around(size, rng.choice((3, 4, 6)))),
            ring(0, 0, size, colour, size * 0.12),
            poly([(-size * 2, -size / 6), (size * 2, -size / 3), (size * 2, 0), (-size * 2, size / 8)]),
        )
    ).replace("url(#p)", colour)
    spin = turned(shape, rng.uniform(0, 90))
    return f'<g transform="translate({number(x)} {number(y)})" opacity="{rng.uniform(0.06, 0.2):.2f}">{spin}</g>'


def sign(rng: random.Random) -> str:
    accent = rng.choice(ACCENTS)
    frames = (
        poly(around(34, 6), "none", f' stroke="{accent}" stroke-width="4"'),
        poly(star(38, 30, 8), "none", f' stroke="{accent}" stroke-width="3"'),
        ring(0, 0, 34, accent, 4),
        poly(around(38, 4), "none", f' stroke="{accent}" stroke-width="4"'),
    )
    return rng.choice(frames) + f'<g transform="scale(.62)">{perk(rng, "#f4f5f7")}</g>'


def emblem(rng: random.Random) -> bytes:
    defs, body = ground(rng, 96, 96)
    return svg(f'{body}<g transform="translate(48 48)">{sign(rng)}</g>', defs=defs)


def emblem_background(rng: random.Random) -> bytes:
    """474 by 96: the emblem's sign at the left, where the name will not stand, and drifting shapes to the right."""
    defs, body = ground(rng, 474, 96)
    fade = '<rect width="474" height="96" fill="url(#f)"/>'
    defs += (
        '<linearGradient id="f"><stop stop-color="#000" stop-opacity=".28"/>'
        '<stop offset=".5" stop-color="#000" stop-opacity="0"/></linearGradient>'
    )
    return svg(f'{body}{fade}<g transform="translate(48 48)">{sign(rng)}</g>', 474, 96, defs)


def screenshot(figure: str, rng: random.Random) -> bytes:
    """A landscape with the thing large in front of it."""
    defs, body = ground(rng, 1280, 720)
    ridge = poly([(0, 560), (260, 470), (520, 540), (860, 440), (1280, 530), (1280, 720), (0, 720)], "#0b0d12")
    return svg(
        f'{body}<g opacity=".55">{ridge}</g><g transform="translate(640 350) scale(6)">{figure}</g>',
        1280,
        720,
        defs + PEWTER,
    )


def watermark(rng: random.Random) -> bytes:
    """Lies over an item's picture: a small sign in the upper left corner."""
    corner = '<path d="M0 0 H34 L0 34 Z" fill="#000" opacity=".38"/>'
    return svg(f'{corner}<g transform="translate(11.5 11.5) scale(.2)" opacity=".95">{perk(rng, "#ffffff")}</g>')


def logo(letter: str, rng: random.Random) -> bytes:
    text = (
        f'<text x="48" y="64" font-family="system-ui, sans-serif" font-size="46" font-weight="700" fill="#f4f5f7" '
        f'text-anchor="middle">{letter}</text>'
    )
    return svg(disc(48, 48, 44, rng.choice(GROUNDS)) + text)


def redacted() -> bytes:
    ink = '<rect width="96" height="96" fill="#23262d"/>'
    bars = "".join(
        f'<rect x="{18 + 4 * row}" y="{30 + 14 * row}" width="{56 - 9 * row}" height="7" rx="2" fill="#59606e"/>'
        for row in range(3)
    )
    return svg(ink + bars + stroke("M14 14 H82 V82 H14 Z", "#3a3f49", 2))
