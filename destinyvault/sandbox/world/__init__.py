"""The definitions of the sandbox's own Destiny: everything the Manifest says, made from a seed."""

from collections.abc import Iterable, Iterator
from itertools import chain

from destinyvault.sandbox.world.bulk import bulk
from destinyvault.sandbox.world.forge import Forge, Row
from destinyvault.sandbox.world.gear import armor, weapons
from destinyvault.sandbox.world.ground import ground
from destinyvault.sandbox.world.hostile import hostile
from destinyvault.sandbox.world.plugs import plugs
from destinyvault.sandbox.world.scenery import scenery
from destinyvault.sandbox.world.things import things
from destinyvault.sandbox.world.upgrades import upgrades

PARTS = (ground, plugs, upgrades, weapons, armor, things, hostile, scenery)


def definitions(seed: int, scale: int) -> Iterator[Row]:
    """The base world (about 3,000 rows), then filler up to `scale` definitions."""
    forge = Forge(seed)
    base = list(chain.from_iterable(part(forge) for part in PARTS))
    return distinct(chain(base, bulk(forge, max(0, scale - len(base)))))


def distinct(rows: Iterable[Row]) -> Iterator[Row]:
    """A hash is never given twice within a table: 32 bits do collide in a full-size world."""
    taken: set[tuple[str, int | str]] = set()
    for row in rows:
        if (row.table, row.key) not in taken:
            taken.add((row.table, row.key))
            yield row
