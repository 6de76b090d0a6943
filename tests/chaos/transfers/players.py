"""The crowd as people of the site: signed in without going through the consent page, sixty at a time."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts import people, sign_in
from accounts.models import User
from accounts.people import Player
from destinyvault.bungie.replies import LinkedMembership, tokens
from destinyvault.sandbox.orders import SandboxOrders

STEAM = 3


@dataclass(frozen=True)
class Recruit:
    """`touched` are the items that the player moved in the game, and when: the page learns of them when it asks again.

    `stuck` names the job that did not end, whatever was tried: nothing more of this person is judged.
    """

    number: int
    user: User
    touched: dict[str, datetime] = field(default_factory=dict)
    stuck: list[int] = field(default_factory=list)

    @property
    def bungie_id(self) -> str:
        return str(30000000 + self.number)

    @property
    def membership_id(self) -> str:
        return str(4611686018501100000 + self.number)

    @property
    def player(self) -> Player:
        found = people.player(self.user)
        assert found
        return found

    def sign_in(self, orders: SandboxOrders) -> None:
        linked = LinkedMembership(
            membership_type=STEAM,
            membership_id=self.membership_id,
            display_name=f"Recruit {self.number}",
            code=self.number,
            icon_path="",
            applicable_types=(STEAM,),
            is_overridden=False,
            is_cross_save_primary=False,
            date_last_played=None,
        )
        sign_in.remember(self.user, sign_in.SignIn(tokens(orders.issue_tokens(self.bungie_id)), (linked,)))


def enlist(number: int, orders: SandboxOrders) -> Recruit:
    recruit = Recruit(number, User.objects.create(username=f"recruit-{number}"))
    recruit.sign_in(orders)
    return recruit
