def first_line(error: Exception) -> str:
    """Without the full stop, to stand inside a sentence of ours; the drivers' errors go on for several lines."""
    return str(error).strip().split("\n", 1)[0].removesuffix(".")


class ManifestError(Exception):
    """Why the Manifest was not updated: what happened, what stays safe, what to do, in words for a person."""

    def __init__(self, happened: str, advice: str = "The next check tries again.") -> None:
        self.harmless = f"{happened} The live Manifest stays as it is."
        super().__init__(f"{self.harmless} {advice}")


class ImportRunning(ManifestError):
    """Somebody else imports this language at the moment."""
