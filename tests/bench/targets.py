"""Figures against what is asked of them: a miss is said in its line, and makes the whole run fail at its end."""

import sys

WIDTH = 44
missed: list[str] = []


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell(
    name: str, measured: float, unit: str = "", *, at_most: float = 0, at_least: float = 0, note: str = ""
) -> None:
    """Such as "  switch   12 ms, at most 50 (of three)"; bounds of 0 are none."""
    kept = (not at_most or measured <= at_most) and measured >= at_least
    bound = f", at most {at_most:g}" if at_most else f", at least {at_least:g}" if at_least else ""
    more = f" ({note})" if note else ""
    say(f"  {name:<{WIDTH}} {_short(measured)}{unit}{bound}{more}{'' if kept else '  MISSED'}")
    if not kept:
        missed.append(name)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
