"""HTTP/1.1 over sockets: one thread for each connection, which is kept open between requests."""

import contextlib
import shutil
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox.clock import iso
from destinyvault.sandbox.dispatch import respond
from destinyvault.sandbox.envelope import Reply
from destinyvault.sandbox.request import Request, parse

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    sandbox: "Sandbox"

    def __init__(self, *args: Any) -> None:
        self.connections: set[Any] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in list(self.connections):
            self.shutdown_request(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is its own business; anything else is a mistake of ours and worth a trace."""
        if not isinstance(sys.exception(), ConnectionError | ValueError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Sandbox", ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120
    server: Server

    def do_GET(self) -> None:
        self.reply_to()

    do_POST = do_DELETE = do_PUT = do_HEAD = do_GET

    def reply_to(self) -> None:
        sandbox = self.server.sandbox
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = parse(self.command, self.path, self.headers, body, self.client_address[0])
        started = time.time()
        reply = respond(sandbox, request)
        if not request.path.startswith("/sandbox/"):
            note(sandbox, request, reply, started)
        if reply is None:
            self.close_connection = True
            return
        with contextlib.suppress(ConnectionError):
            self.send(reply)

    def send(self, reply: Reply) -> None:
        squeezed = reply.gzipped is not None and "gzip" in self.headers.get("Accept-Encoding", "")
        body = reply.gzipped if squeezed and reply.gzipped is not None else reply.body
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(reply.file.stat().st_size if reply.file else len(body)))
        if squeezed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.send_body(reply, body)
        self.wfile.flush()

    def send_body(self, reply: Reply, body: bytes) -> None:
        if reply.file:
            with reply.file.open("rb") as source:
                shutil.copyfileobj(source, self.wfile, 1 << 18)
        else:
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.sandbox.clock.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """The sandbox keeps a log of its own, to be read over HTTP."""


def note(sandbox: "Sandbox", request: Request, reply: Reply | None, started: float) -> None:
    sandbox.log.add(
        at=iso(sandbox.clock.now()),
        arrived=request.arrived,
        seconds=round(time.time() - started, 4),
        method=request.method,
        path=request.path,
        components=request.query.get("components"),
        operation=request.operation,
        guardian=request.guardian,
        status=reply.status if reply else None,
        error_code=reply.error_code if reply else None,
        user_agent=request.headers.get("User-Agent"),
        ip=request.ip,
    )
