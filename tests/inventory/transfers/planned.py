"""Wishes, and their plan walked through by the game's own rules: who breaks one of them fails."""

from inventory.transfers.planner import plan
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.game import Game
from tests.inventory.transfers.worlds import COIN, GENERAL, LOST

VAULT, POSTMASTER = "vault", "postmaster"


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


def place(game, number):
    piece = game.find(str(number))
    return {GENERAL: VAULT, LOST: POSTMASTER}.get(piece.bucket_hash, piece.owner)


def refusals(planned):
    return [each.code for each in planned.refusals]
