"""Xûr: whether he is here, where, and what he sells. Public; a signed-in person sees their own class's stock.

`presence()` is for other pages: it never raises because of Bungie, and asks at most once for all visitors.
"""

from .visit import Presence, presence

__all__ = ["Presence", "presence"]
