"""The brushes: SVG pieces, the tiers' colours, and the chances that make two pictures of one kind differ."""

import math
import random
from collections.abc import Iterable, Sequence

Point = tuple[float, float]

TIER_COLOURS = {6: "#ceae33", 5: "#522f65", 4: "#5076a3", 3: "#366f42", 2: "#8d8880", 1: "#8d8880", 0: "#59606e"}
ACCENTS = ("#7aecf3", "#f2721b", "#b184c5", "#4d88ff", "#35e366", "#e8c15a", "#e2574c", "#ff9ecb", "#9fd86b", "#c9d3e0")
PALE, SHADE, DARK = "#f4f5f7", "#b9c0cb", "#2b2f38"


def chances(path: str) -> random.Random:
    return random.Random(path)  # noqa: S311 (the same path always gets the same picture)


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def poly(points: Iterable[Point], fill: str = "url(#p)", more: str = "") -> str:
    told = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{told}" fill="{fill}"{more}/>'


def box(x: float, y: float, width: float, height: float, fill: str = "url(#p)", radius: float = 0) -> str:
    corner = f' rx="{number(radius)}"' if radius else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {place}{corner} fill="{fill}"/>'


def disc(x: float, y: float, radius: float, fill: str = "url(#p)", more: str = "") -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"{more}/>'


def ring(x: float, y: float, radius: float, colour: str, width: float) -> str:
    return disc(x, y, radius, "none", f' stroke="{colour}" stroke-width="{number(width)}"')


def path(shape: str, fill: str = "url(#p)", more: str = "") -> str:
    return f'<path d="{shape}" fill="{fill}"{more}/>'


def stroke(shape: str, colour: str, width: float) -> str:
    return path(
        shape,
        "none",
        f' stroke="{colour}" stroke-width="{number(width)}" stroke-linecap="round" stroke-linejoin="round"',
    )


def mirrored(shape: str) -> str:
    """A shape and its mirror image left of the middle axis x = 0."""
    return f'{shape}<g transform="scale(-1 1)">{shape}</g>'


def turned(shape: str, degrees: float, scale: float = 1) -> str:
    return f'<g transform="rotate({number(degrees)}) scale({scale:.3f})">{shape}</g>'


def around(radius: float, sides: int, start: float = -90, squash: float = 1) -> list[Point]:
    """The corners of a regular polygon around the middle."""
    angles = [math.radians(start + 360 * side / sides) for side in range(sides)]
    return [(radius * math.cos(angle) * squash, radius * math.sin(angle)) for angle in angles]


def star(outer: float, inner: float, points: int) -> list[Point]:
    pairs = zip(around(outer, points), around(inner, points, -90 + 180 / points), strict=True)
    return [corner for pair in pairs for corner in pair]


def mixed(colour: str, other: str, share: float) -> str:
    ours, theirs = channels(colour), channels(other)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(ours, theirs, strict=True))


def channels(colour: str) -> Sequence[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def svg(body: str, width: int = 96, height: int = 96, defs: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<defs>{defs}</defs>{body}</svg>"
    ).encode()


PEWTER = (
    f'<linearGradient id="p" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#ffffff"/>'
    f'<stop offset="1" stop-color="{SHADE}"/></linearGradient>'
)


def tile(figure: str, base: str, rng: random.Random) -> bytes:
    """A figure drawn around 0,0 on a ground of the base colour, lit softly from above, with a shadow beneath."""
    light, deep = mixed(base, "#ffffff", 0.22), mixed(base, "#000000", 0.52)
    glow_x, glow_y = rng.randint(25, 75), rng.randint(10, 40)
    defs = PEWTER + (
        f'<linearGradient id="b" x1="0" y1="0" x2=".55" y2="1"><stop stop-color="{mixed(base, "#ffffff", 0.06)}"/>'
        f'<stop offset="1" stop-color="{deep}"/></linearGradient>'
        f'<radialGradient id="g" cx="{glow_x}%" cy="{glow_y}%" r="75%"><stop stop-color="{light}" stop-opacity=".85"/>'
        f'<stop offset="1" stop-color="{light}" stop-opacity="0"/></radialGradient>'
    )
    shadow = f'<g transform="translate(49.5 51)" opacity=".33" style="filter:brightness(0)">{figure}</g>'
    return svg(
        f'<rect width="96" height="96" fill="url(#b)"/><rect width="96" height="96" fill="url(#g)"/>'
        f'{shadow}<g transform="translate(48 48)">{figure}</g>',
        defs=defs,
    )


def clear(figure: str) -> bytes:
    """A figure without a ground, for glyphs."""
    return svg(f'<g transform="translate(48 48)">{figure}</g>', defs=PEWTER)
