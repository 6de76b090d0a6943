"""Pictures that the sandbox draws itself, so that the site has some to show. Every path has one, always the same."""

import random
from typing import TYPE_CHECKING

from destinyvault.sandbox.envelope import Reply
from destinyvault.sandbox.icons import emblems
from destinyvault.sandbox.icons.armor import armor
from destinyvault.sandbox.icons.canvas import TIER_COLOURS, chances, clear, mixed, tile
from destinyvault.sandbox.icons.glyphs import ELEMENT_COLOURS, class_sign, element, perk
from destinyvault.sandbox.icons.objects import thing
from destinyvault.sandbox.icons.subjects import Subject
from destinyvault.sandbox.icons.weapons import weapon
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

SVG = "image/svg+xml"
UNKNOWN = Subject("perk")


def picture(sandbox: "Sandbox", request: Request) -> Reply:
    body = draw(request.path, sandbox.catalog.icons.get(request.path) or guessed(request.path))
    return Reply(200, body, SVG, headers=(("Cache-Control", "public, max-age=31536000, immutable"),))


def guessed(path: str) -> Subject:
    """For paths that no definition names: the path says something too."""
    if "missing_icon" in path:
        return Subject("redacted")
    if "emblem-background" in path:
        return Subject("emblem background")
    if path.startswith("/img/theme") or "/avatars/" in path:
        return Subject("logo")
    return Subject("screenshot perk") if "screenshots/" in path else UNKNOWN


def draw(path: str, subject: Subject) -> bytes:
    rng = chances(path)
    match subject.role:
        case "emblem":
            return emblems.emblem(rng)
        case "emblem background":
            return emblems.emblem_background(rng)
        case "watermark":
            return emblems.watermark(rng)
        case "redacted":
            return emblems.redacted()
        case "logo":
            return emblems.logo(path.rsplit("/", 1)[-1][0].upper(), rng)
        case "element":
            return clear(element(subject.detail))
        case "class":
            return clear(class_sign(subject.detail))
        case "stat" | "perk":
            return clear(perk(rng))
    if subject.role.startswith("screenshot "):
        plain = subject._replace(role=subject.role.removeprefix("screenshot "))
        return emblems.screenshot(figure(plain, rng), rng)
    return tile(figure(subject, rng), base_colour(subject), rng)


def base_colour(subject: Subject) -> str:
    if subject.role == "subclass":
        return mixed(ELEMENT_COLOURS.get(subject.detail, TIER_COLOURS[0]), "#101217", 0.72)
    return TIER_COLOURS.get(subject.tier, TIER_COLOURS[0])


def figure(subject: Subject, rng: random.Random) -> str:
    if subject.role == "weapon":
        return weapon(subject.detail, rng)
    if subject.role == "armor":
        return armor(subject.detail, subject.class_type, rng)
    if subject.role == "subclass":
        return f'<g transform="scale(.82)">{element(subject.detail)}</g>'
    return perk(rng) if subject.role == "perk" else thing(subject.role, rng)
