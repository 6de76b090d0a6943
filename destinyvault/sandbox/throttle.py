"""Bungie's limit per source address: 25 requests a second, averaged over any ten."""

import threading
from collections import defaultdict, deque

WINDOW = 10.0
PER_SECOND: float | None = 25


class Throttle:
    def __init__(self) -> None:
        self.per_second = PER_SECOND
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def reset(self) -> None:
        with self._lock:
            self.per_second = PER_SECOND
            self._seen.clear()

    def admits(self, address: str, now: float) -> bool:
        """Counts the request and says whether it is within the limit. `now` is monotonic: a jump of the sandbox's
        clock frees nothing."""
        if self.per_second is None:
            return True
        with self._lock:
            seen = self._seen[address]
            while seen and seen[0] <= now - WINDOW:
                seen.popleft()
            if len(seen) >= self.per_second * WINDOW:
                return False
            seen.append(now)
            return True
