"""How often one person may act: so many seconds between the starts of two actions, says the spec of each.

Chosen, where the spec only names the seconds: between any two actions of one person lie 0.1 s, between two of the slow
ones (tracking, loadouts) 1 s. What comes too soon is answered with 36 and HTTP 503, and does not count as a start.
"""

import threading
import time

QUICK, SLOW = 0.1, 1.0


class Pace:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._starts: dict[tuple[str, float], float] = {}

    def admits(self, guardian: str, seconds: float) -> bool:
        """In real time: a jump of the clock frees nothing."""
        now = time.monotonic()
        with self._lock:
            if any(now - self._starts.get((guardian, gap), -gap) < gap for gap in (QUICK, seconds)):
                return False
            self._starts[guardian, QUICK] = self._starts[guardian, seconds] = now
            return True
