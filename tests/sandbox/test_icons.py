"""Pictures: every path has one, always the same, and it fits what it belongs to."""

import xml.etree.ElementTree as ElementTree

import requests

from destinyvault.sandbox.icons import draw
from destinyvault.sandbox.icons.canvas import TIER_COLOURS, mixed


def fetch(sandbox, path):
    return requests.get(sandbox.root + path, headers={"User-Agent": "tests"}, timeout=60)


def test_every_icon_of_the_world_can_be_drawn(sandbox):
    drawn = {path: draw(path, subject) for path, subject in sandbox.catalog.icons.items()}
    assert len(drawn) > 1000
    for picture in drawn.values():
        assert ElementTree.fromstring(picture).tag.endswith("svg")


def test_gear_of_one_kind_does_not_look_alike(sandbox):
    rifles = [
        path for path, subject in sandbox.catalog.icons.items() if (subject.role, subject.detail) == ("weapon", 6)
    ]
    assert len(rifles) > 15
    assert len({draw(path, sandbox.catalog.icons[path]) for path in rifles}) == len(rifles)


def test_ground_has_the_colour_of_the_tier(sandbox):
    path, subject = next(
        (path, subject)
        for path, subject in sandbox.catalog.icons.items()
        if (subject.role, subject.tier) == ("weapon", 6)
    )
    assert mixed(TIER_COLOURS[6], "#ffffff", 0.06) in draw(path, subject).decode()


def test_icon_is_served_as_svg_and_may_be_kept(sandbox):
    answer = fetch(sandbox, next(iter(sandbox.catalog.icons)))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert ElementTree.fromstring(answer.content) is not None


def test_emblem_backgrounds_are_wide(sandbox):
    path = next(path for path, subject in sandbox.catalog.icons.items() if subject.role == "emblem background")
    assert ElementTree.fromstring(fetch(sandbox, path).content).attrib["viewBox"] == "0 0 474 96"


def test_paths_that_no_definition_names_have_a_picture_too(sandbox):
    for path in (
        "/common/destiny2_content/icons/unheard-of.png",
        "/img/misc/missing_icon_d2.png",
        "/img/theme/bungienet/icons/psnLogo.png",
        "/common/destiny2_content/screenshots/1.jpg",
    ):
        assert fetch(sandbox, path).headers["Content-Type"] == "image/svg+xml"
