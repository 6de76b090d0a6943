def first_line(error: Exception) -> str:
    """Without the full stop, to stand inside a sentence of ours; the drivers' errors go on for several lines."""
    return str(error).strip().split("\n", 1)[0].removesuffix(".")


class ManifestError(Exception):
    """Why the Manifest was not updated: what happened, what stays safe, what to do, in words for a person.

    `happened` is the first of these alone, as a revision's row keeps it.
    """

    def __init__(self, happened: str, advice: str = "The next check tries again.") -> None:
        self.happened = happened
        self.harmless = f"{happened} The live Manifest stays as it is."
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


class Undelivered(Exception):
    """Why a message did not arrive, in words; `lost`: it may have. `final`: trying again is of no use.

    `pause_seconds` is how long the receiver asked to be left alone.
    """

    def __init__(self, reason: str, *, lost: bool = False, final: bool = False, pause_seconds: float = 0) -> None:
        self.lost, self.final, self.pause_seconds = lost, final, pause_seconds
        super().__init__(reason)
