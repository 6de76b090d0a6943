"""Something that takes webhooks: a real HTTP server on a port of its own, which answers as it is told."""

import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """`answers` are taken one after the other, (status, headers); after them everything is fine.

    `silent`: it hangs up without a word. While `free` is clear, it takes messages and answers none.
    """

    daemon_threads = True

    def __init__(self):
        self.bodies, self.answers = [], []
        self.silent, self.free = threading.Event(), threading.Event()
        self.free.set()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/services/T0/B0/secret"

    @property
    def texts(self):
        return [body.get("text") or body["content"] for body in self.bodies]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.free.wait()
        if self.server.silent.is_set():
            self.close_connection = True
            return
        status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            self.send_header(name, value)
        with suppress(OSError):  # whoever asked is gone
            self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def receiver():
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server
        server.free.set()
        server.shutdown()
        thread.join()
