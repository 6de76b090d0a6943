"""Definitions that a careless page would trip over. One guardian owns them."""

from collections.abc import Iterator

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row
from destinyvault.sandbox.world.words import Both

NAMES = (
    "<b>Bold</b> Claim",
    "<script>alert('loot')</script>",
    '" onmouseover="alert(1)',
    "مفتاح البوابة",
    "\u202egnihtyna si sihT\u202c",
    "Very " * 39 + "Long",
    "Zero\u200bWidth \U0001f98a {{ name }} {% now 'Y' %} %s",
    "",
)


def hostile_hashes(forge: Forge) -> list[int]:
    return [forge.hash("hostile", number) for number in range(len(NAMES))]


def hostile(forge: Forge) -> Iterator[Row]:
    sort = Sort(facts.WEAPON_TYPE, Both("<i>Auto</i> Rifle", "Fusil <i>auto</i>"), facts.KINETIC, 6, equippable=True)
    for key, name in zip(hostile_hashes(forge), NAMES, strict=True):
        yield item_row(forge, key, Both(name, name), facts.LEGENDARY, sort, flavorText=name * 3)
