"""Who plays on this Bungie.net, and what each of them is there to show."""

from dataclasses import dataclass, field

from destinyvault.sandbox import facts


@dataclass(frozen=True)
class Holdings:
    """How much an account owns. The things themselves are drawn from the seed."""

    characters: tuple[tuple[int, int, int], ...] = ()  # class, race, gender
    per_bucket: int = 6  # carried per slot, besides what is worn
    vault: int = 0
    postmaster: tuple[int, ...] = ()  # per character
    stacks: int = 12
    classified: int = 0
    unknown: int = 0
    hostile: bool = False
    private: bool = False


@dataclass(frozen=True)
class Membership:
    type: int
    id: str
    name: str
    holdings: Holdings = field(default_factory=Holdings)


@dataclass(frozen=True)
class Guardian:
    """A Bungie.net account (type 254) with its platforms."""

    id: str
    name: str
    code: int
    about: str
    memberships: tuple[Membership, ...] = ()
    cross_save: int = 0  # the platform that overrides all others

    @property
    def unique_name(self) -> str:
        return f"{self.name}#{self.code:04d}"

    @property
    def names(self) -> set[str]:
        """Under which an order may mean them."""
        return {self.id, self.name, *(membership.id for membership in self.memberships)}

    def is_overridden(self, membership: Membership) -> bool:
        return bool(self.cross_save) and membership.type != self.cross_save

    def primary(self) -> Membership | None:
        """The platform that plays for all, where cross save says so; several separate accounts have none."""
        return next((m for m in self.memberships if m.type == self.cross_save), None)


TITAN, HUNTER, WARLOCK = (facts.TITAN, 0, 1), (facts.HUNTER, 1, 0), (facts.WARLOCK, 2, 1)
ALL_THREE = (HUNTER, WARLOCK, TITAN)

GUARDIANS = (
    Guardian(
        "20000001",
        "Ilva Thornquist",
        4102,
        "Three characters, some 350 items, letters waiting at the postmaster",
        (
            Membership(
                facts.STEAM,
                "4611686018500000001",
                "Ilva Thornquist",
                Holdings(ALL_THREE, 4, vault=130, postmaster=(17, 3, 0), stacks=14, classified=1, unknown=2),
            ),
        ),
    ),
    Guardian(
        "20000002",
        "Brannoc Vael",
        7716,
        "A collector: over a thousand items, the vault all but full",
        (
            Membership(
                facts.PSN,
                "4611686018500000002",
                "brannoc_vael",
                Holdings(ALL_THREE, 9, vault=985, postmaster=(21, 8, 2), stacks=30, classified=3, unknown=12),
            ),
        ),
    ),
    Guardian(
        "20000003",
        "Serrat Onyedi",
        2051,
        "Cross save: four platforms, one of them plays for all",
        (
            Membership(facts.XBOX, "4611686018500000031", "SerratOnyedi", Holdings((TITAN, WARLOCK), 5, vault=210)),
            Membership(facts.PSN, "4611686018500000032", "serrat-onyedi"),
            Membership(facts.STEAM, "4611686018500000033", "Serrat"),
            Membership(facts.EPIC, "4611686018500000034", "SerratOnyedi"),
        ),
        cross_save=facts.XBOX,
    ),
    Guardian(
        "20000004",
        "Tamsin Roo",
        349,
        "Two platforms without cross save: two separate accounts",
        (
            Membership(
                facts.PSN, "4611686018500000041", "tamsin_roo", Holdings((HUNTER,), 3, vault=40, postmaster=(1,))
            ),
            Membership(facts.STEAM, "4611686018500000042", "Tamsin Roo", Holdings((WARLOCK, TITAN), 2, vault=75)),
        ),
    ),
    Guardian(
        "20000005",
        "Pip Newlight",
        1,
        "A brand-new account without a character",
        (Membership(facts.STEAM, "4611686018500000005", "Pip Newlight", Holdings(stacks=0)),),
    ),
    Guardian(
        "20000006",
        "Quillon Spare",
        5120,
        "One character and an empty vault",
        (Membership(facts.EPIC, "4611686018500000006", "Quillon Spare", Holdings((TITAN,), 1, stacks=0)),),
    ),
    Guardian(
        "20000007",
        "Noor Veiled",
        8800,
        "Shares nothing: the inventory components come back private",
        (
            Membership(
                facts.XBOX, "4611686018500000007", "Noor Veiled", Holdings((WARLOCK,), 2, vault=20, private=True)
            ),
        ),
    ),
    Guardian(
        "20000008",
        "Jun Wayfarer",
        1212,
        "A Bungie.net account that never played Destiny",
    ),
    Guardian(
        "20000009",
        "<b>Bram</b> & \u202eniM",
        666,
        "Names that a careless page would trip over",
        (
            Membership(
                facts.STEAM,
                "4611686018500000009",
                "<script>alert('Bram')</script>",
                Holdings((HUNTER,), 3, vault=30, postmaster=(2,), classified=1, unknown=3, hostile=True),
            ),
        ),
    ),
)


# How the accounts of a crowd differ: slots all but full, room everywhere, a vault all but full.
CROWD = (
    Holdings(ALL_THREE, 9, vault=14, postmaster=(4, 1, 0), stacks=6),
    Holdings(ALL_THREE, 4, vault=14, postmaster=(3, 0, 2), stacks=6),
    Holdings(ALL_THREE, 9, vault=975, postmaster=(2, 1, 0), stacks=6),
)


def crowd(count: int) -> tuple[Guardian, ...]:
    """So many more, one platform each: for those who need many accounts at once. One in twenty has a full vault."""
    return tuple(_recruit(number) for number in range(1, count + 1))


def _recruit(number: int) -> Guardian:
    name = f"Recruit {number}"
    holdings = CROWD[2] if number % 20 == 0 else CROWD[number % 2]
    membership = Membership(facts.STEAM, str(4611686018501000000 + number + 100000), name, holdings)
    return Guardian(str(30000000 + number), name, number % 10000, "One of a crowd", (membership,))
