"""Where everything really is, as the sandbox knows it at this moment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from destinyvault.sandbox import facts
from destinyvault.sandbox.orders import SandboxOrders

RULED_BY = ("movable", "side_effects", "stack_label", "equip_label", "class_type")


@dataclass(frozen=True)
class Thing:
    id: str | None
    hash: int
    home: int
    bucket: int
    owner: str
    quantity: int
    equipped: bool
    locked: bool
    movable: bool
    side_effects: bool
    stack_label: str
    equip_label: str
    class_type: int

    @property
    def is_lost(self) -> bool:
        return self.bucket == facts.POSTMASTER

    @property
    def is_in_vault(self) -> bool:
        return self.bucket == facts.VAULT

    @property
    def place(self) -> str:
        return "vault" if self.is_in_vault else self.owner or "account"


def things(orders: SandboxOrders, account: str) -> list[Thing]:
    return [
        Thing(
            id=each["instance_id"],
            hash=each["hash"],
            home=each["home"],
            bucket=each["bucket"],
            owner=each["owner"] or "",
            quantity=each["quantity"],
            equipped=each["equipped"],
            locked=each["locked"],
            **{name: each[name] for name in RULED_BY},
        )
        for each in orders.items(account)
    ]


def inventory_list(all_things: Sequence[Thing]) -> Counter[tuple[str | None, int]]:
    """How many there are of each: what no move may ever change."""
    counted: Counter[tuple[str | None, int]] = Counter()
    for each in all_things:
        counted[each.id, each.hash] += each.quantity
    return counted
