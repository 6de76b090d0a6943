"""Where a demo lives: its folders, ports and addresses."""

from dataclasses import dataclass
from pathlib import Path


class DemoError(Exception):
    """The demo cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class Demo:
    base: Path
    var: Path
    port: int
    sandbox_port: int
    content: str
    profile: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def data(self) -> Path:
        return self.var / "postgres"

    @property
    def logs(self) -> Path:
        return self.var / "demo"
