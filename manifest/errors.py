import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException

log = logging.getLogger(__name__)


def first_line(error: Exception) -> str:
    """Without the full stop, to stand inside a sentence of ours; the drivers' errors go on for several lines."""
    return str(error).strip().split("\n", 1)[0].removesuffix(".")


def said(error: Exception) -> str:
    """Its first line, or its name where it says nothing."""
    return first_line(error) or type(error).__name__


class ManifestError(Exception):
    """Why the Manifest was not updated: what happened, what stays safe, what to do, in words for a person.

    `happened` is the first of these alone, as a revision's row keeps it. Everybody may read the words; paths of this
    machine, addresses and what a driver says of them stand in `detail`, for the log and the owner's terminal.
    """

    def __init__(self, happened: str, advice: str = "The next check tries again.", *, detail: str = "") -> None:
        self.happened = happened
        self.harmless = f"{happened} The live Manifest stays as it is."
        self.detail = f" ({detail})" if detail else ""
        super().__init__(f"{self.harmless} {advice}")


class HeldBack(ManifestError):
    """The content can be read, but is so unlike the Manifest before that a person should look first.

    `rows` of each of its tables are for that person.
    """

    def __init__(self, happened: str, rows: dict[str, int] | None = None) -> None:
        self.rows = rows or {}
        super().__init__(
            happened,
            "It is held back until somebody confirms it: “Import again” in the admin, or sync_manifest --force.",
        )


class BrokenFile(ManifestError):
    """What came is not the content file that was asked for; asked for in another way, it may be."""


class ImportRunning(ManifestError):
    """Somebody else imports this language at the moment."""


class NotKept(ManifestError):
    """The revision that should go live is no longer there, or never was complete."""


class OwnMistake(ManifestError):
    """Nobody thought of `error`; whoever raises this has logged it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"This site made a mistake ({type(error).__name__}); its log has the rest.")


class Undelivered(Exception):
    """Why a message did not arrive, in words; `lost`: it may have. `final`: trying again is of no use.

    `pause_seconds` is how long the receiver asked to be left alone.
    """

    def __init__(self, reason: str, *, lost: bool = False, final: bool = False, pause_seconds: float = 0) -> None:
        self.lost, self.final, self.pause_seconds = lost, final, pause_seconds
        super().__init__(reason)


@contextmanager
def lost_from_here(place: str) -> Iterator[None]:
    """Around the sending itself: whatever goes wrong in it, foreseen or not, the message may have arrived."""
    try:
        yield
    except Undelivered:
        raise
    except Exception as error:
        if not isinstance(error, OSError | HTTPException):
            log.exception("%s: a mistake of this site while it was sending", place)
        raise Undelivered(f"{place}'s answer was lost: {said(error)}.", lost=True) from error
