"""The sandbox as a running server."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from destinyvault.sandbox.account import Account, DrawnAccount
from destinyvault.sandbox.actions.journal import Journal
from destinyvault.sandbox.actions.late import Late
from destinyvault.sandbox.actions.pace import Pace
from destinyvault.sandbox.belongings import draw
from destinyvault.sandbox.capture import CapturedAccount, belongings, read_capture
from destinyvault.sandbox.catalog import load_catalog
from destinyvault.sandbox.clock import Clock
from destinyvault.sandbox.faults import Faults
from destinyvault.sandbox.guardians import GUARDIANS, Guardian
from destinyvault.sandbox.guardians import crowd as recruits
from destinyvault.sandbox.log import Log
from destinyvault.sandbox.manifest import open_library
from destinyvault.sandbox.sockets import Handler, Server
from destinyvault.sandbox.throttle import Throttle
from destinyvault.sandbox.tokens import Tokens
from destinyvault.sandbox.vendors import Market
from destinyvault.sandbox.world.forge import Forge

API_KEY, CLIENT_ID, CLIENT_SECRET = "sandbox-api-key", "12345", "sandbox-client-secret"
REDIRECT_URL = "http://127.0.0.1:8000/accounts/bungie/login/callback/"
PORT = 8777
# What the application was allowed when it was registered; sign-in does not name scopes.
SCOPES = ("ReadBasicUserProfile", "ReadDestinyInventoryAndVault", "MoveEquipDestinyItems")
CACHE = Path(__file__).resolve().parents[2] / "var" / "sandbox"


class Sandbox:
    """A Bungie.net on this machine. Use it as a context manager, or start() and stop() it."""

    def __init__(
        self,
        *,
        port: int = 0,
        seed: int = 1,
        scale: int = 1,
        content: Path | str | None = None,
        profile: Path | str | None = None,
        crowd: int = 0,
        redirect_url: str = REDIRECT_URL,
        api_key: str = API_KEY,
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
        cache_dir: Path | str | None = None,
    ) -> None:
        self.server = Server(("127.0.0.1", port), Handler)  # first: a busy port should not have to wait for a world
        self.server.sandbox = self
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.api_key, self.client_id, self.client_secret = api_key, client_id, client_secret
        self.redirect_url = redirect_url
        self.origin: str | None = None  # no Origin is registered for the key: a server sends none
        self.clock, self.log, self.faults, self.throttle = Clock(), Log(), Faults(), Throttle()
        self.journal, self.pace, self.late = Journal(), Pace(), Late()
        self.turn = 0  # counts the resets, so that what comes late from before one changes nothing after it
        self.forge = Forge(seed)
        self.tokens = Tokens(f"{client_secret}:{seed}", self.clock)
        self.scopes = set(SCOPES)
        self.disabled_systems: set[str] = set()
        self.alerts: list[dict[str, Any]] = []
        self.guardians: tuple[Guardian, ...] = GUARDIANS + recruits(crowd)
        self._thread: threading.Thread | None = None
        try:
            self.settle(scale, Path(cache_dir) if cache_dir else CACHE, content, profile)
        except BaseException:
            self.server.server_close()
            raise

    def settle(self, scale: int, folder: Path, content: Path | str | None, profile: Path | str | None) -> None:
        """Brings the Manifest and the people. Raises BadContent or BadCapture."""
        captured = read_capture(Path(profile)) if profile else None
        self.library = open_library(self.forge.seed, scale, folder, Path(content) if content else None)
        self.catalog = load_catalog(self.library.current.content("en"), folder)
        self.market = Market(self.forge, self.catalog, self.clock)
        self.accounts = self.draw_accounts()
        if captured:
            self.welcome(*captured)

    def draw_accounts(self) -> dict[str, Account]:
        return {
            membership.id: DrawnAccount(guardian, membership, self.clock, draw(self.forge, self.catalog, membership))
            for guardian in self.guardians
            for membership in guardian.memberships
        }

    def welcome(self, guardian: Guardian, captured: dict[str, Any]) -> None:
        """Adds the owner of a captured profile, first in the list."""
        (membership,) = guardian.memberships
        self.guardians = (guardian, *self.guardians)
        owned = belongings(captured, self.catalog, self.library.current.content("en"))
        self.accounts[membership.id] = CapturedAccount(guardian, membership, self.clock, captured, owned)

    def guardian(self, bungie_id: str) -> Guardian | None:
        return next((one for one in self.guardians if one.id == bungie_id), None)

    def guardian_behind(self, membership_id: str) -> Guardian | None:
        """By Bungie.net id, or by the id of any of the platforms."""
        account = self.accounts.get(membership_id)
        return account.guardian if account else self.guardian(membership_id)

    def reset(self) -> None:
        """Everything as it was at the start, but for who is signed in: tests share one sandbox."""
        self.turn += 1
        for part in (
            self.clock,
            self.throttle,
            self.pace,
            self.late,
            self.tokens,
            self.library,
            self.market,
            *self.accounts.values(),
        ):
            part.reset()
        self.faults.clear()
        self.log.clear()
        self.journal.clear()
        self.scopes, self.disabled_systems, self.alerts = set(SCOPES), set(), []

    def start(self) -> "Sandbox":
        self._thread = threading.Thread(target=self.serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        self.server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Ends at once: connections that are still open are cut, like any server's that goes away."""
        if self._thread:
            self.server.shutdown()
            self._thread.join()
            self._thread = None
        self.server.server_close()
        self.server.cut_connections()
        self.library.close()

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
