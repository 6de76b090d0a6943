"""Xûr: whether he is here, where, and what he sells. Public; a signed-in person sees their own class's stock.

`presence()` is for other pages: it never raises because of Bungie, and asks at most once for all visitors.
`last_known()` asks nobody.
"""

from .visit import Presence, last_known, presence

__all__ = ["Presence", "last_known", "presence"]
