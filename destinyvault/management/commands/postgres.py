from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from destinyvault.embedded_postgres import server


class Command(BaseCommand):
    help = "The embedded Postgres: it starts by itself when somebody connects, and stays until it is stopped here."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, action: str, **options: object) -> None:
        data = connection.settings_dict.get("DATA")
        if data is None:
            raise CommandError("DATABASE_URL names a server of your own; this command is for the embedded one.")
        if action == "start":
            try:
                server.start(data)
            except server.EmbeddedPostgresError as error:
                raise CommandError(str(error)) from error
        elif action == "stop":
            server.stop(data)
        self.stdout.write(f"Postgres in {data} is {'running' if server.is_accepting(data) else 'stopped'}.")
