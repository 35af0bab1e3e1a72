"""A provider on loopback: answers by path as recorded, and fails in every way that is asked of it."""

import gzip
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parent / "recorded"
# By source: a part of the path, and what is answered there.
ANSWERS = {
    "bls": {"/timeseries/data/LAUCN": "bls.json"},
    "census_acs": {"/acs/acs5": "census_acs.json"},
    "census_geocoder": {"/locations/address": "census_geocoder.json"},
    "epa_tri": {"/tri_facility/zip_code/": "epa_tri.json"},
    "fars": {"/crashes/GetCrashesByLocation": "fars.json"},
    "fema_nfhl": {"/28/query": "fema_nfhl.json"},
    "fema_nri": {"/query": "fema_nri.json"},
    "nws": {"/points/": "nws_points.json", "/forecast": "nws_forecast.json", "/alerts/active": "nws_alerts.json"},
    "open_meteo": {"/air-quality": "open_meteo.json"},
    "overpass": {"/interpreter": "overpass.json"},
    "usgs": {"/count": "usgs_count.json", "/query": "usgs_query.json"},
}
JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    source: str
    method: str
    path: str
    query: dict
    body: bytes
    headers: dict


@dataclass
class Provider:
    """What the stub knows: who asked, and how each source is to fail (a function of the handler and the true body)."""

    asked: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    replaced: dict = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def of(self, source):
        return [each for each in self.asked if each.source == source]

    def answer(self, source, name):
        """Have a source answer another recorded body."""
        self.replaced[source] = (RECORDED / name).read_bytes()

    def body(self, source, path):
        if source in self.replaced:
            return self.replaced[source]
        for part, name in ANSWERS[source].items():
            if part in path:
                return (RECORDED / name).read_bytes()
        raise AssertionError(f"{source} is asked for {path}, which is not recorded")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        provider = self.server.provider
        at = urlsplit(self.path)
        _, source, *_ = at.path.split("/")
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        provider.asked.append(Asked(source, self.command, at.path, parse_qs(at.query), sent, dict(self.headers)))
        try:
            provider.faults.get(source, plain)(self, provider.body(source, at.path))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # who asked had enough

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *_):
        return

    def send(self, status, body, headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def plain(handler, body):
    handler.send(200, body, {"Content-Type": JSON})


def slow(handler, body):
    time.sleep(0.3)
    plain(handler, body)


def hung(handler, _):
    handler.server.provider.released.wait(20)
    handler.close_connection = True


def dripping(handler, body):
    """A byte at a time, for ever: each one comes well within any read timeout."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for byte in body:
        if handler.server.provider.released.wait(0.05):
            break
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
    handler.close_connection = True


def status(code, headers=None, times=1_000_000):
    """Answers a status so many times, then as it should."""
    left = [times]

    def fail(handler, body):
        if left[0] <= 0:
            plain(handler, body)
            return
        left[0] -= 1
        handler.send(code, b'{"message": "not now"}', {"Content-Type": JSON, **(headers or {})})

    return fail


def cut(handler, body):
    """Promises the whole body and goes half way."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def cut_chunk(handler, body):
    """The same without having said how long the body is."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(f"{len(body):x}\r\n".encode() + body[: len(body) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def wrong_type(handler, _):
    handler.send(200, b'"all is well"', {"Content-Type": JSON})


def html(handler, _):
    page = b"<html><body>The server is busy, try again later.</body></html>"
    handler.send(200, page, {"Content-Type": "text/html; charset=utf-8"})


def html_called_json(handler, _):
    handler.send(200, b"<html><body>Invalid Key</body></html>", {"Content-Type": JSON})


def huge(handler, _):
    """50 MB, without having said so."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = b" " * 1_000_000
    for _ in range(50):
        handler.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def huge_announced(handler, _):
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "50000000")
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b" " * 1_000_000)


def bomb(handler, _):
    """50 MB in 50 kB."""
    handler.send(200, packed_50_mb(), {"Content-Type": JSON, "Content-Encoding": "gzip"})


@cache
def packed_50_mb():
    return gzip.compress(b" " * 50_000_000)


def zipped(handler, body):
    handler.send(200, gzip.compress(body), {"Content-Type": JSON, "Content-Encoding": "gzip"})


def elsewhere(handler, _):
    handler.send(302, b"", {"Location": "http://127.0.0.2:9/elsewhere", "Content-Type": JSON})


def round_in_circles(handler, _):
    handler.send(302, b"", {"Location": handler.path, "Content-Type": JSON})


def dropped(handler, _):
    """Hangs up without a word."""
    handler.close_connection = True
    handler.connection.close()


def serve(provider):
    """The stub, running; `provider.url` + "/" + a source's id is that source's base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.provider = provider
    server.handle_error = lambda *_: None  # who hangs up on us is no matter
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
