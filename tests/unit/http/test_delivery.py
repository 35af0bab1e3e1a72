"""What becomes of an ASGI answer on its way out."""

import asyncio
import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mangum.handlers.utils import handle_base64_response_body

from brightspot.http.delivery import Delivery, DeliverySettings
from brightspot.http.encoding import CODINGS, is_compressible
from brightspot.http.entry import TEXT_TYPES
from brightspot.http.hardening import Hardening, HardeningSettings
from brightspot.http.policy import Policy
from brightspot.http.reuse import Reuse
from tests.codings import DECODERS

LONG = b'{"name": "%b"}' % (b"abcdefgh" * 400)
JSON = (b"content-type", b"application/json")


def delivered(*bodies, method="GET", asked=None, status=200, headers=(JSON,), reuse=None, needs="public", least=1024):
    """(status, headers, pieces of the body) of an answer that came in these pieces."""
    sent = []

    async def send(message):
        sent.append(message)

    async def answer():
        hardening = Hardening(HardeningSettings())
        delivery = Delivery(reuse or Reuse(), Policy("p", None, needs), DeliverySettings(least), hardening)
        to = delivery.to(send, method, "/", asked or {})
        await to({"type": "http.response.start", "status": status, "headers": list(headers)})
        for number, body in enumerate(bodies, 1):
            await to({"type": "http.response.body", "body": body, "more_body": number < len(bodies)})

    asyncio.run(answer())
    start, *pieces = sent
    fields = dict(start["headers"])
    assert len(fields) == len(start["headers"])
    return start["status"], fields, [each["body"] for each in pieces]


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_comes_out_as_it_went_in(coding):
    _, headers, (body,) = delivered(LONG, asked={b"accept-encoding": coding.encode()})
    assert headers[b"content-encoding"] == coding.encode()
    assert headers[b"content-length"] == b"%d" % len(body)
    assert DECODERS[coding](body) == LONG
    assert len(body) < len(LONG) / 10


def test_gzip_names_no_time_so_that_equal_answers_are_equal_bytes():
    assert CODINGS["gzip"](LONG)[4:8] == bytes(4)


@pytest.mark.parametrize(("size", "is_encoded"), [(1023, False), (1024, True)])
def test_small_bodies_are_not_worth_it(size, is_encoded):
    _, headers, (body,) = delivered(b"a" * size, asked={b"accept-encoding": b"gzip"})
    assert (b"content-encoding" in headers, body == b"a" * size) == (is_encoded, not is_encoded)
    assert headers[b"vary"] == b"Accept-Encoding"


def test_a_small_body_is_encoded_all_the_same_for_who_refuses_identity():
    _, headers, (body,) = delivered(b"{}", asked={b"accept-encoding": b"gzip, identity;q=0"})
    assert (headers[b"content-encoding"], gzip.decompress(body)) == (b"gzip", b"{}")


def test_a_body_that_does_not_get_smaller_leaves_as_it_is():
    _, headers, bodies = delivered(b"{}", asked={b"accept-encoding": b"gzip"}, least=0)
    assert (bodies, b"content-encoding" in headers) == ([b"{}"], False)


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (b"application/json", True), (b"application/problem+json", True), (b"Text/HTML; charset=utf-8", True),
        (b"text/event-stream", False), (b"image/svg+xml", True), (b"application/javascript", True),
        (b"image/png", False), (b"application/gzip", False), (b"application/octet-stream", False), (b"", False),
    ],
)  # fmt: skip
def test_only_text_is_compressed(media, expected):
    assert is_compressible(media) is expected
    _, headers, _ = delivered(LONG, headers=((b"content-type", media),), asked={b"accept-encoding": b"gzip"})
    assert (b"content-encoding" in headers, b"vary" in headers) == (expected, expected)


def test_what_is_encoded_already_is_left_alone():
    packed = gzip.compress(LONG)
    _, headers, (body,) = delivered(
        packed, headers=(JSON, (b"content-encoding", b"gzip")), asked={b"accept-encoding": b"br"}
    )
    assert (headers[b"content-encoding"], body, b"vary" in headers) == (b"gzip", packed, False)


def test_a_stream_passes_piece_by_piece_without_coding_length_or_tag():
    pieces = [LONG, b"", LONG]
    status, headers, bodies = delivered(*pieces, asked={b"accept-encoding": b"gzip", b"if-none-match": b"*"})
    assert (status, bodies) == (200, pieces)
    assert not {b"content-encoding", b"content-length", b"etag"} & headers.keys()
    assert headers[b"cache-control"] == b"private, no-cache"


def test_a_tag_that_the_client_has_leaves_out_the_body_and_its_length_only():
    asked = {b"accept-encoding": b"gzip"}
    _, full, _ = delivered(LONG, asked=asked, needs="read")
    status, headers, bodies = delivered(LONG, asked={**asked, b"if-none-match": full[b"etag"]}, needs="read")
    assert (status, bodies) == (304, [b""])
    assert headers == {name: full[name] for name in full if name not in {b"content-length", b"content-encoding"}}
    assert {b"etag", b"vary", b"cache-control"} <= headers.keys()


def test_one_tag_stands_for_every_coding_of_an_answer():
    tags = {delivered(LONG, asked={b"accept-encoding": each.encode()})[1][b"etag"] for each in (*CODINGS, "identity")}
    assert len(tags) == 1
    assert tags.pop().startswith(b'W/"')


@pytest.mark.parametrize(("method", "status"), [("POST", 200), ("GET", 404), ("GET", 503), ("GET", 202)])
def test_only_what_is_found_by_get_has_a_tag_and_may_be_kept(method, status):
    got, headers, (body,) = delivered(LONG, method=method, status=status, asked={b"if-none-match": b"*"})
    assert (got, body, headers[b"cache-control"], b"etag" in headers) == (status, LONG, b"no-store", False)


def test_what_the_app_says_of_itself_stands():
    said = ((b"Cache-Control", b"private, max-age=5"), (b"ETag", b'"mine"'), (b"Vary", b"Origin"), JSON)
    _, headers, _ = delivered(LONG, headers=said, needs="read")
    assert (headers[b"cache-control"], headers[b"etag"]) == (b"private, max-age=5", b'"mine"')
    assert headers[b"vary"] == b"Origin, Authorization, X-Api-Key, Accept-Encoding"
    assert delivered(LONG, headers=said, asked={b"if-none-match": b'W/"mine"'})[0] == 304


def test_without_a_tag_declared_nothing_is_compared():
    status, headers, _ = delivered(LONG, reuse=Reuse("no-store", tagged=False), asked={b"if-none-match": b"*"})
    assert (status, b"etag" in headers, headers[b"cache-control"]) == (200, False, b"no-store")


def test_head_has_the_headers_of_get_and_no_body():
    asked = {b"accept-encoding": b"gzip"}
    _, headers, bodies = delivered(LONG, method="HEAD", asked=asked)
    assert headers == delivered(LONG, asked=asked)[1]
    assert bodies == [b""]
    assert delivered(LONG, method="HEAD", asked={b"if-none-match": headers[b"etag"]})[0] == 304


def test_an_answer_without_content_tells_no_length():
    status, headers, bodies = delivered(b"", status=204, headers=())
    assert (status, bodies, b"content-length" in headers) == (204, [b""], False)


@given(st.binary(min_size=1, max_size=300))
def test_any_encoded_body_gets_through_the_adapter_as_it_is(content):
    """Mangum looks at no Content-Encoding: it sends as text what happens to be UTF-8, and all else as base64."""
    for encode, decode in ((CODINGS[each], DECODERS[each]) for each in CODINGS):
        text, is_base64 = handle_base64_response_body(encode(content), {"content-type": "application/json"}, TEXT_TYPES)
        assert decode(base64.b64decode(text) if is_base64 else text.encode()) == content
