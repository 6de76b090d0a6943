import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from destinyvault.compressing import LARGE, Gzip

PAGE = ("<p>one of many lines</p>" * LARGE).encode()


def answer(content=PAGE, accepts="gzip, br", **headers):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return Gzip(lambda _: HttpResponse(content, headers=headers))(request)


@pytest.mark.parametrize("content", [PAGE, PAGE[: LARGE // 2], b"short"])
def test_what_is_unpacked_is_what_was_sent(content):
    response = answer(content)
    packed = response.get("Content-Encoding") == "gzip"
    assert (gzip.decompress(response.content) if packed else response.content) == content
    assert packed is (len(content) > 200)
    if packed:
        assert int(response["Content-Length"]) == len(response.content) < len(content)
        assert response["Vary"] == "Accept-Encoding"


def test_who_does_not_accept_it_gets_it_unpacked_and_caches_know():
    response = answer(accepts="br")
    assert response.content == PAGE
    assert response["Vary"] == "Accept-Encoding"


def test_what_is_packed_already_stays_as_it_is():
    assert answer(**{"Content-Encoding": "br"}).content == PAGE


def test_a_tag_becomes_a_weak_one():
    assert answer(ETag='"one"')["ETag"] == 'W/"one"'
    assert answer(ETag='W/"one"')["ETag"] == 'W/"one"'


def test_lengths_differ_from_one_answer_to_the_next_so_that_they_tell_no_secret():
    assert len({len(answer().content) for _ in range(40)}) > 5


def test_a_stream_is_packed_as_it_comes():
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    response = Gzip(lambda _: StreamingHttpResponse(iter([PAGE, PAGE])))(request)
    assert gzip.decompress(b"".join(response.streaming_content)) == PAGE * 2
