"""Pictures that the sandbox draws itself."""

from typing import TYPE_CHECKING

from destinyvault.sandbox.envelope import Reply
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


def picture(sandbox: "Sandbox", request: Request) -> Reply:
    body = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#522f65"/></svg>'
    return Reply(200, body, "image/svg+xml", headers=(("Cache-Control", "public, max-age=31536000"),))
