from argparse import ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from destinyvault.demo.place import Demo, DemoError
from destinyvault.demo.ports import free_port
from destinyvault.demo.running import run
from destinyvault.embedded_postgres.server import EmbeddedPostgresError

SANDBOX_BESIDE = 777  # its port is found from the site's, so that two demos started at once do not take the same


class Command(BaseCommand):
    help = "Run the whole site on this machine against the sandbox: no account, no API key, nothing leaves the machine."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=_port, default=8000, help="the site's port (8000)")
        parser.add_argument("--content", default="", help="a Manifest content file for the sandbox to serve")
        parser.add_argument("--profile", default="", help="a captured GetProfile reply (.json or .json.gz) to serve")

    def handle(self, port: int, content: str, profile: str, **options: object) -> None:
        demo = Demo(
            base=settings.BASE_DIR,
            var=settings.VAR_DIR,
            port=port,
            sandbox_port=free_port(min(port + SANDBOX_BESIDE, 65000)),
            content=_existing("CONTENT", content),
            profile=_existing("PROFILE", profile),
        )
        try:
            run(demo, self.stdout.write)
        except (DemoError, EmbeddedPostgresError) as error:
            raise CommandError(str(error)) from error


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535.")
    return int(text)


def _existing(name: str, path: str) -> str:
    if path and not Path(path).is_file():
        raise CommandError(f"{name}={path}: there is no such file.")
    return str(Path(path).resolve()) if path else ""
