"""The other end of the wire: a server that answers as a test says, and remembers what it was sent."""

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Wire:
    """`says` are the answers in turn; the last one is repeated."""

    port: int = 0
    seen: list = field(default_factory=list)
    says: list = field(default_factory=list)

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    def will_say(self, *answers):
        self.says = list(answers)

    def answer(self):
        return self.says.pop(0) if len(self.says) > 1 else self.says[0]


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    length: int | None = None  # promised in the header, where it differs from the body's


def envelope(response=None, *, code=1, status="Success", message="Ok", throttle=0, http=200):
    body = {
        "ErrorCode": code,
        "ErrorStatus": status,
        "Message": message,
        "ThrottleSeconds": throttle,
        "MessageData": {},
    }
    if response is not None:
        body["Response"] = response
    return Answer(http, json.dumps(body).encode())


def oauth_error(error, description="", http=400):
    return Answer(http, json.dumps({"error": error, "error_description": description}).encode())


HANG_UP = object()
NEVER = object()


def serve(wire):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, else each answer takes 40 ms

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            wire.seen.append(Seen(self.command, self.path, dict(self.headers), body))
            answer = wire.answer()
            if answer is HANG_UP:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            elif answer is NEVER:
                wire.released.wait()
                self.close_connection = True
            else:
                self.give(answer)

        def give(self, answer):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.length is not None

        do_GET = do_POST = handle_any

        def log_message(self, *args):
            pass

    wire.released = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server
