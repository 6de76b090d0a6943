"""Django's PostgreSQL backend on the embedded server.

Connecting finds the server by its data folder (`DATABASES["default"]["DATA"]`), and starts it when it is not there:
after a reboot, after kill -9, on a fresh checkout. Every process does so for itself, hence none has to be the first.
"""

from typing import Any

from django.db.backends.postgresql import base, psycopg_any
from django.utils.asyncio import async_unsafe

from destinyvault.embedded_postgres import server


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return {**params, **server.address(self.settings_dict["DATA"])}

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> "psycopg_any.connection":
        data = self.settings_dict["DATA"]
        if not server.address(data):
            server.start(data)
        try:
            return super().get_new_connection({**conn_params, **server.address(data)})
        except self.Database.OperationalError as error:
            if "does not exist" in str(error):
                self._create_own_database(error)
            else:
                server.start(data)
        return super().get_new_connection({**conn_params, **server.address(data)})

    def _create_own_database(self, missing: Exception) -> None:
        """Only the database of the settings is made by itself; the test runner creates and drops its own."""
        name = self.settings_dict["NAME"]
        if name != self.settings_dict["CREATE"]:
            raise missing
        server.create_database(self.settings_dict["DATA"], name)
