"""What Bungie said yes to is on the page at once, and no older profile takes it back (K3)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from destinyvault.bungie import client
from destinyvault.sandbox import facts
from inventory import snapshots
from inventory.models import ProfileSnapshot
from inventory.profile import Profile
from inventory.transfers import effects
from inventory.transfers.models import WaitsFor
from tests.inventory.guardians import refresh

from .worlds import COIN, stack, world

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def older_replies(mover, monkeypatch):
    """Bungie's servers disagree: from now on it answers with what it knew then, minted when we say."""
    reply = snapshots._ask(mover.player)

    def answer(minted_at):
        monkeypatch.setattr(client, "profile", lambda *_: reply | {"responseMintedTimestamp": minted_at.isoformat()})

    return answer


@pytest.fixture
def unseen_move(mover, weapon):
    """unseen_move(to): Bungie says yes to it, and nothing newer than the profile that is held comes before the test
    goes on."""

    def unseen_move(to):
        mover.orders.fault("GetProfile", error_code=1618)
        transfer = mover.run(mover.move(weapon, to, run=False))
        assert transfer.waits_for == WaitsFor.SHOWN
        mover.orders.clear_faults()

    return unseen_move


def test_item_is_in_its_new_place_before_bungies_next_profile(mover, weapon, unseen_move):
    unseen_move(mover.characters[1])
    assert mover.shown(weapon) == mover.characters[1]


def test_k3_profile_from_before_the_move_does_not_take_it_back(mover, weapon, unseen_move, older_replies):
    before = timezone.now()
    unseen_move(mover.characters[1])
    mover.let_time_pass()
    older_replies(before)
    refresh(mover.browser)
    assert ProfileSnapshot.objects.get(membership=mover.membership).minted_at == before
    assert mover.shown(weapon) == mover.characters[1]
    refresh(mover.browser)
    assert mover.shown(weapon) == mover.characters[1], "nor does the same one again"


def test_profile_from_after_the_move_is_believed(mover, weapon):
    mover.move(weapon, mover.characters[1])
    mover.play("move", item=weapon["instance_id"], to="vault")
    mover.let_time_pass()
    refresh(mover.browser)
    assert mover.shown(weapon) == "vault"
    assert ProfileSnapshot.objects.get(membership=mover.membership).effects == []


def test_move_that_ends_while_bungie_is_asked_is_in_the_answer(mover, weapon, older_replies, monkeypatch):
    before = timezone.now()
    older_replies(before)
    ask, transfer = client.profile, mover.move(weapon, mover.characters[1], run=False)

    def asked(*args):
        monkeypatch.setattr(client, "profile", ask)
        assert mover.run(transfer).waits_for == WaitsFor.SHOWN, "only one may ask for the profile at a time"
        return ask(*args)

    monkeypatch.setattr(client, "profile", asked)
    seen = snapshots.ask(mover.player, older_than=timedelta())
    (found,) = [each for each in seen.profile.items if each.instance_id == weapon["instance_id"]]
    assert found.owner == mover.characters[1]
    assert seen.digest != ProfileSnapshot.objects.get(membership=mover.membership).digest


# Stacks, where the same move may not count twice


def moved(quantity, before, sent_at, answered_at):
    step = SimpleNamespace(
        kind="to_vault", item_id=None, item_ids=(), item_hash=COIN, character_id="1", quantity=quantity,
        bucket_hash=facts.CONSUMABLES, max_stack=99, account_wide=True, outcomes={},
        found={"amount": before}, sent_at=sent_at,
    )  # fmt: skip
    return effects.kept(step, answered_at)


def shown(effect, minted_at, shared, vault):
    items = tuple(world(account=[stack(shared)], vault=[stack(vault)]).items)
    profile = Profile((), items, (), {}, 0)
    found = effects.applied(profile, effects.later_than([effect], minted_at), minted_at).items
    return {each.bucket_hash: each.quantity for each in found}


SHOWN = {facts.CONSUMABLES: 7, facts.VAULT: 23}


@pytest.mark.parametrize(
    ("minted", "shared", "vault"),
    [
        pytest.param(-1, 10, 20, id="before-it-was-sent"),
        pytest.param(1, 10, 20, id="while-it-was-sent-and-not-in-it-yet"),
        pytest.param(1, 7, 23, id="while-it-was-sent-and-in-it"),
        pytest.param(3, 7, 23, id="after-it-was-answered"),
    ],
)
def test_k3_some_of_a_stack_is_moved_once_whenever_the_profile_was_made(minted, shared, vault):
    effect = moved(3, 20, NOW, NOW + timedelta(seconds=2))
    assert shown(effect, NOW + timedelta(seconds=minted), shared, vault) == SHOWN
