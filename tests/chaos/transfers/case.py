"""All that is known of one run when it is judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.transfers.wants import Want
from tests.chaos.transfers.truth import Thing


@dataclass
class Case:
    wants: Sequence[Want]
    before: Sequence[Thing]
    after: Sequence[Thing]
    journal: Sequence[dict[str, Any]]  # what the person's jobs have sent in this run
    touched: set[str] = field(default_factory=set)  # by the player in the game, in this run
    believed: set[str] = field(default_factory=set)  # Bungie said yes, nothing came of it, and the job says so
    destroyed: Counter[tuple[str | None, int]] = field(default_factory=Counter)
    later: Sequence[Want] = ()  # what the same person asked for after it

    def thing(self, item_id: str | None) -> Thing | None:
        return next((each for each in self.after if each.id and each.id == item_id), None)
