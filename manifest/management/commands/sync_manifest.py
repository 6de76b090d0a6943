import re
from argparse import ArgumentParser
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from manifest import index, sync, terminal
from manifest.errors import ManifestError
from manifest.progress import SILENT
from manifest.sync import Action, Outcome

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")


class Command(BaseCommand):
    requires_system_checks = []  # a warning about sign-in is no business of an import at night
    help = "Check Bungie.net for a new Manifest, import it and make it live. Run it as often as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--language", action="append", help="one of Bungie's language codes, repeatable (all of MANIFEST_LANGUAGES)"
        )
        parser.add_argument("--check", "--dry-run", action="store_true", help="only say what is new; change nothing")
        parser.add_argument(
            "--force", action="store_true", help="import even what is known already or was held back, and lift a pin"
        )
        parser.add_argument(
            "--file", type=Path, metavar="CONTENT", help="import a content file from disk, without network"
        )

    def handle(self, *, language: list[str] | None, file: Path | None, **options: Any) -> None:
        languages = language or settings.MANIFEST_LANGUAGES
        if wrong := [each for each in languages if not LANGUAGE.fullmatch(each)]:
            raise CommandError(f"{wrong[0]!r} is not a language code such as en or pt-br.")
        if file and language and len(language) > 1:
            raise CommandError("A content file is of one language: name one --language with --file.")
        if file and options["check"]:
            raise CommandError("--check asks Bungie.net what is new; that says nothing about a --file.")
        self.verbosity = options["verbosity"]
        if options["check"]:
            self._check(languages)
        else:
            files = {languages[0]: file} if file else {}
            self._sync(languages[:1] if file else languages, files=files, force=options["force"])

    def _check(self, languages: list[str]) -> None:
        read_index, failures = cache(index.read), []
        for language in languages:
            try:
                self._tell(_standing(sync.check(language, read_index=read_index)))
            except ManifestError as error:
                failures.append(f"{language}: {error}{error.detail}")
        if failures:
            raise CommandError("\n".join(failures))

    def _sync(self, languages: list[str], **options: Any) -> None:
        failures = []
        with terminal.shown(self._tell) if self.verbosity else nullcontext(SILENT) as progress:
            for language, outcome in sync.sync_all(languages, wait=True, progress=progress, **options):
                if isinstance(outcome, ManifestError):
                    # No check will try a file again: whoever gave it reads these words.
                    told = outcome.harmless if options["files"] else outcome
                    failures.append(f"{language}: {told}{outcome.detail}")
                else:
                    self._tell(_sentence(outcome))
        if failures:
            raise CommandError("\n".join(failures))

    def _tell(self, line: str) -> None:
        if self.verbosity:
            self.stdout.write(line)


def _standing(checked: Outcome) -> str:
    """What --check tells."""
    known = {
        Action.UP_TO_DATE: "is up to date",
        Action.AVAILABLE: f"is new ({checked.path})",
        Action.SIGHTED: f"is new ({checked.path}): the schedule saw it once, and imports it when it sees it again",
        Action.KEPT: "is kept from before, and not live",
        Action.HELD: f"is held back: {checked.revision and checked.revision.error}",
    }
    pinned = "; the live revision is pinned" if checked.pinned else ""
    return f"{checked.language}: {checked.version} {known[checked.action]}{pinned}"


def _sentence(outcome: Outcome) -> str:
    content = "the file's content" if outcome.version == sync.FROM_FILE else outcome.version
    start = f"{outcome.language}: {content} "
    revision = outcome.revision
    if outcome.action == Action.UP_TO_DATE:
        return f"{start}is up to date"
    if outcome.action == Action.SWITCHED:
        return f"{start}was kept and is live again"
    if outcome.action == Action.PINNED:
        return f"{start}is kept, but another revision is pinned: unpin it in the admin, or use --force"
    return (
        f"{start}is live: {revision.rows:,} definitions in {sum(revision.seconds.values()):.1f} s"
        f" ({revision.added:,} new, {revision.changed:,} changed, {revision.removed:,} removed)"
    )
