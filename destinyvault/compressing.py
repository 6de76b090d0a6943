"""Django's compression of pages with a quicker compressor: for a page of 400 kB 1 ms instead of 5."""

from io import BytesIO
from secrets import choice
from string import ascii_letters

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers
from isal import igzip

LARGE = 20_000  # bytes; below that Django's own is as quick
LEVEL = 3


class Gzip(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.streaming or response.has_header("Content-Encoding") or len(response.content) < LARGE:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            response.content = _compressed(response.content, self.max_random_bytes)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
            _weaken(response)
        return response


def _compressed(content: bytes, most_random_bytes: int) -> bytes:
    """With a file name of random length, as Django does it: lengths then tell nothing of secrets (BREACH)."""
    name = "".join(choice(ascii_letters) for _ in range(choice(range(1, most_random_bytes))))
    packed = BytesIO()
    with igzip.IGzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _weaken(response: HttpResponse) -> None:
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        response.headers["ETag"] = f"W/{etag}"
