"""The owner at this site, and where the game really has the items meanwhile."""

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

from django.db import connection

from accounts.models import Membership
from accounts.people import player
from destinyvault.sandbox import facts
from destinyvault.sandbox.orders import SandboxOrders
from inventory import snapshots
from inventory.models import ProfileSnapshot
from inventory.transfers import queueing
from inventory.transfers.models import Action, Transfer
from inventory.transfers.queueing import Order
from inventory.transfers.runner import run
from inventory.transfers.wants import Kind, Want
from tests.inventory.guardians import OWNER

MOST_RUNS = 12


class Mover:
    def __init__(self, site, guardian=OWNER):
        self.site, self.guardian = site, guardian
        self.orders = SandboxOrders(site.sandbox.root)
        self.browser = site.browser(guardian)
        self.membership = Membership.objects.get(account__membership_id=guardian, chosen=True)
        self.characters = [each.id for each in site.account(guardian).owned.characters]
        self.orders.clear_actions()
        self.stack = ExitStack()

    @property
    def player(self):
        return player(self.membership.account.user)

    # Wishes and jobs

    def wish(self, action, *wants, run=True, **options):
        transfer = queueing.enqueue(self.player, Order(action, wants, **options))
        return self.until_it_ends(transfer) if run else transfer

    def move(self, item, to, **options):
        return self.wish(Action.MOVE, self.moved(item, to), **options)

    def moved(self, item, to, **more):
        if item["instance_id"]:
            return Want(Kind.MOVE, item["instance_id"], item["hash"], to=to)
        return Want(Kind.MOVE, None, item["hash"], to=to, **more)

    def equipped(self, item, to):
        return Want(Kind.EQUIP, item["instance_id"], item["hash"], to=to)

    def run(self, transfer):
        """As a worker does it, once."""
        run(transfer.pk)
        return self.again(transfer)

    def until_it_ends(self, transfer):
        """As a cluster does it: what has waited long enough is taken up again."""
        for _ in range(MOST_RUNS):
            transfer = self.run(transfer)
            if not transfer.is_active:
                return transfer
            self.let_it_wait(transfer)
        raise AssertionError(f"{transfer.status} {transfer.waits_for}: {transfer.message}")

    def let_it_wait(self, transfer, seconds=31):
        """All that was written down is so much older; nobody has to wait for it."""
        ago = timedelta(seconds=seconds)
        for row in Transfer.objects.filter(pk=transfer.pk, finished_at=None):
            for name in ("not_before", "beat_at", "parked_at"):
                setattr(row, name, getattr(row, name) and getattr(row, name) - ago)
            row.save()
        for step in transfer.steps.exclude(sent_at=None):
            step.sent_at -= ago
            step.finished_at = step.finished_at and step.finished_at - ago
            step.save()
        for held in ProfileSnapshot.objects.all():
            held.minted_at -= ago
            held.save()
        self.site.account(self.guardian).forget()

    def again(self, transfer):
        return Transfer.objects.get(pk=transfer.pk)

    def steps(self, transfer, **wanted):
        return list(transfer.steps.filter(**wanted).order_by("number"))

    def when(self, condition):
        """when(condition)(deed): once, right after a statement of ours that makes it true."""

        def once(deed):
            def watch(execute, sql, params, many, context):
                result = execute(sql, params, many, context)
                if self.watched and sql.startswith("UPDATE") and not self.busy:
                    self.busy = True
                    if condition():
                        self.watched = False
                        deed()
                    self.busy = False
                return result

            self.watched, self.busy = True, False
            self.stack.enter_context(connection.execute_wrapper(watch))

        return once

    # The game

    def items(self, **wanted):
        rows = self.orders.items(self.guardian)
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def item(self, **wanted):
        return self.items(**wanted)[0]

    def place(self, item):
        now = self.item(instance_id=item["instance_id"])
        return now["owner"] if now["place"] == "character" else now["place"]

    def play(self, do, **order):
        return self.orders.play(self.guardian, do, **order)

    def calls(self, **wanted):
        told = self.orders.actions()["actions"]
        return [each for each in told if all(each[name] == value for name, value in wanted.items())]

    def plain_stack(self, quantity, to="vault"):
        """Of a kind that nobody has yet, and of which there may be any number; the site knows of it."""
        there = {each["hash"] for each in self.items()}
        kinds = self.site.sandbox.catalog.by_bucket[facts.CONSUMABLES]
        plain = [each for each in kinds if each.movable and not each.stack_label and not each.side_effects]
        kind = next(each for each in plain if quantity < each.stack < 999 and each.hash not in there)
        whose = {"character": self.characters[0]} if to == "postmaster" else {}
        self.play("add", hash=kind.hash, quantity=quantity, to=to, **whose)
        self.know()
        return self.item(hash=kind.hash)

    def wearable(self, slot, to, character):
        """A new one, not exotic, that this character may wear."""
        owned = self.site.account(self.guardian).owned
        mine = next(each.class_type for each in owned.characters if each.id == character)
        kinds = self.site.sandbox.catalog.by_bucket[slot]
        plain = [each for each in kinds if each.movable and each.equippable and each.tier < facts.EXOTIC]
        kind = next(each for each in plain if each.class_type in (facts.ANY_CLASS, mine))
        return self.play("add", hash=kind.hash, to=to)[0]

    def amounts(self, item):
        """How many there are, by place."""
        found = Counter()
        for each in self.items(hash=item["hash"]):
            found[each["place"]] += each["quantity"]
        return dict(found)

    def know(self):
        """What the game has now is read by the site."""
        self.let_time_pass()
        snapshots.latest(self.player, refresh=True)

    # What the site shows

    def shown(self, item):
        """The owner, or None for the vault, as the page has it."""
        answer = self.browser.get("/api/v1/inventory").json()
        (found,) = [each for each in answer["items"] if each["id"] == item["instance_id"]]
        return found["owner"] or found["location"]

    def let_time_pass(self, seconds=6):
        """Bungie was asked so much earlier, and would be asked again."""
        for row in ProfileSnapshot.objects.all():
            row.fetched_at -= timedelta(seconds=seconds)
            row.save()
        self.site.account(self.guardian).forget()
