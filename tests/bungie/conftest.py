import pytest

from destinyvault.bungie import client, patience
from tests.bungie.wire import Wire, serve


@pytest.fixture
def wire(settings, monkeypatch, full_budget):
    """Bungie.net is what the test says it is; waits between tries are recorded and not waited."""
    wire = Wire()
    server = serve(wire)
    settings.BUNGIE_ROOT = wire.root
    settings.BUNGIE_API_KEY = "the-api-key"
    settings.BUNGIE_CLIENT_ID = "4711"
    settings.BUNGIE_CLIENT_SECRET = "the-client-secret"
    settings.SITE_URL = "https://vault.example"
    wire.waits = []
    monkeypatch.setattr(patience.time, "sleep", wire.waits.append)
    yield wire
    wire.released.set()
    server.shutdown()
    server.server_close()
    client._session.cache_clear()
