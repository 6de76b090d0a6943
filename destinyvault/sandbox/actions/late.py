"""Effects that come later than the answer that promised them (Bungie-net/api #770)."""

import threading
from collections.abc import Callable


class Late:
    def __init__(self) -> None:
        self._waiting: dict[threading.Timer, Callable[[], None]] = {}
        self._lock = threading.Lock()

    def reset(self) -> None:
        with self._lock:
            for each in self._waiting:
                each.cancel()
            self._waiting.clear()

    def after(self, seconds: float, effect: Callable[[], None]) -> None:
        later = threading.Timer(seconds, lambda: self._happen(later))
        later.daemon = True
        with self._lock:
            self._waiting[later] = effect
        later.start()

    def now(self) -> int:
        """Nobody has to wait for the rest of the seconds; how many effects came by that."""
        with self._lock:
            waiting = list(self._waiting)
        return sum(self._happen(each) for each in waiting)

    def _happen(self, later: threading.Timer) -> bool:
        """Once, whoever comes first."""
        with self._lock:
            effect = self._waiting.pop(later, None)
        later.cancel()
        if effect:
            effect()
        return effect is not None
