from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from destinyvault.sandbox.options import CannotStart, add_options, run


class Command(BaseCommand):
    help = "Runs a Bungie.net on this machine, for the demo, the tests and development."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run({**options, "cache_dir": settings.VAR_DIR / "sandbox"}, self.tell)
        except CannotStart as error:
            raise CommandError(str(error)) from error

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
