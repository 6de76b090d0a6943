"""Wishes, and their plan walked through by the game's own rules: who breaks one of them fails."""

from dataclasses import replace

from inventory.transfers.holdings import Effect, apply
from inventory.transfers.planner import plan
from inventory.transfers.stacks import counted
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.game import Game
from tests.inventory.transfers.worlds import COIN, GENERAL, LOST

VAULT, POSTMASTER = "vault", "postmaster"
MOST_STEPS = 150


def move(number, to, kind=Kind.MOVE):
    return Want(kind, str(number), to=to)


def equip(number, to):
    return move(number, to, Kind.EQUIP)


def lock(number, kind=Kind.LOCK):
    return Want(kind, str(number))


def pieces(quantity, to, source="", hash=COIN):
    return Want(Kind.MOVE, None, hash, quantity, source=source, to=to)


def walked(given, *wants, **more):
    """The plan, and what is where once it is done."""
    planned = plan(given, wants, **more)
    return planned, Game(given).play(planned.steps)


def anew(given, *wants):
    """Planned again after each step, as a job may be: the steps that were done, and what is where in the end."""
    done, game = [], Game(given)
    for step in steps_anew(given, wants):
        done.append(step)
        game.play([step])
    return done, game


def steps_anew(given, wants, **more):
    """The first of each plan; then it is planned again with what that has changed."""
    left, done = list(wants), []
    while steps := plan(given, left, **more).steps:
        assert len(done) < MOST_STEPS, f"there is no end of it: {done[-4:]}"
        done.append(steps[0])
        yield steps[0]
        given = replace(given, items=apply(given.items, Effect.of(steps[0])))
        left[steps[0].want] = counted(left[steps[0].want], steps[0])


def place(game, number):
    piece = game.find(str(number))
    return {GENERAL: VAULT, LOST: POSTMASTER}.get(piece.bucket_hash, piece.owner)


def refusals(planned):
    return [each.code for each in planned.refusals]
