"""How the site is doing, as its pages tell it."""

from dataclasses import dataclass

from destinyvault.cluster import Heartbeat, heartbeat
from manifest.health import LanguageState, Running, running, state


@dataclass(frozen=True)
class Condition:
    languages: list[LanguageState]
    running: list[Running]
    cluster: Heartbeat

    @property
    def has_manifest(self) -> bool:
        return any(each.version for each in self.languages)


def condition() -> Condition:
    return Condition(state(), running(), heartbeat())
