"""Xûr for a terminal: lines of at most 100 columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import fill
from unicodedata import combining, east_asian_width

from destinyvault.bungie.replies import plain

from .offers import Offer, OfferGroup, Price
from .page import USUAL_PLACE, Stall
from .visit import Presence

WIDTH = 100
NAME, KIND = 34, 30  # columns
INDENT = "    "


def as_text(stall: Stall) -> str:
    return "\n".join(_lines(stall)) + "\n"


def _lines(stall: Stall) -> Iterator[str]:
    yield from ("Xûr, Agent of the Nine", "=" * 22, *_presence(stall.presence))
    if stall.presence.here:
        yield f"Where: {_clean(stall.where) or 'not told'} (usually {USUAL_PLACE})"
    for notice in stall.notices:
        yield from ("", fill(f"! {notice}", WIDTH, subsequent_indent="  "))
    if stall.shelves:
        yield from ("", _heading(stall))
    for shelf in stall.shelves:
        for group in shelf.groups:
            yield from _group(_clean(group.name or shelf.name), group)


def _presence(told: Presence) -> Iterator[str]:
    by = "Bungie says so" if told.told else "by his usual schedule; Bungie has not told"
    yield f"{'Here' if told.here else 'Not here'} ({by})."
    if told.since:
        yield f"Since:   {_moment(told.since)}{'' if told.seen_coming else ' (his usual time)'}"
    if told.until:
        yield f"Until:   {_moment(told.until)} (his usual time)"
    elif told.here:
        yield "Until:   unknown; these are not his usual days"
    if told.returns:
        yield f"Returns: {_moment(told.returns)} (his usual time)"
    if told.as_of:
        yield f"As of:   {_moment(told.as_of)}"


def _heading(stall: Stall) -> str:
    when = _moment(stall.stock_at) if stall.stock_at else ""
    if not stall.current:
        return f"What he sold last, as of {when}:"
    eyes = f" to your {_clean(stall.seen_by.class_name)}" if stall.seen_by else ""
    return f"What he sells{eyes}, as of {when}:"


def _group(name: str, group: OfferGroup) -> Iterator[str]:
    yield from ("", name.upper() or "OFFERS")
    for offer in group.offers:
        yield from _offer(offer)


def _offer(offer: Offer) -> Iterator[str]:
    count = f"{offer.quantity:,} × " if offer.quantity > 1 else ""
    kind = " ".join(filter(None, (offer.tier_name, offer.type_name))) if offer.known else "not in the Manifest"
    if offer.class_name:
        kind += f", {offer.class_name}"
    name, kind = _column(count + _clean(offer.name), NAME), _column(_clean(kind), KIND)
    yield f"  {name} {kind} {', '.join(map(_price, offer.prices)) or 'free'}".rstrip()
    stats = " · ".join(f"{_clean(stat.name)} {stat.value}" for stat in offer.stats)
    yield from _more("", f"{stats} · total {offer.total}" if offer.total is not None else stats)
    yield from _more("Perks: ", ", ".join(_clean(perk.name) for perk in offer.perks))
    yield from _more("You have it: ", "; ".join(offer.places))
    yield from _more("Not for you: ", "; ".join(map(_clean, offer.refusals)))


def _price(price: Price) -> str:
    held = "" if price.held is None else f" (you have {price.held:,})"
    return f"{price.quantity:,} {_clean(price.name)}{held}"


def _more(label: str, words: str) -> list[str]:
    return [fill(label + words, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)] if words else []


def _moment(moment: datetime) -> str:
    return f"{moment:%a} {moment.day:>2} {moment:%b %Y, %H:%M} UTC"


def _clean(name: str) -> str:
    """One line without anything that would steer a terminal or turn its text round: names come from elsewhere."""
    return "".join(sign if sign.isprintable() else " " for sign in plain(name)).strip()


def _column(text: str, width: int) -> str:
    """As wide as a terminal draws it: signs of East Asia take two columns, accents of their own none."""
    drawn = sum(_drawn(sign) for sign in text)
    while drawn > width:
        drawn -= _drawn(text[-1])
        text = text[:-1]
        if drawn < width:
            return text + "…" + " " * (width - drawn - 1)
    return text + " " * (width - drawn)


def _drawn(sign: str) -> int:
    return 0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1
