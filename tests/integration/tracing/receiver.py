"""A collector on loopback that takes OTLP/HTTP as JSON, keeps the spans, and fails in every way that is asked of it."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One span as it arrived."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: int
    attributes: dict
    failed: bool
    service: str
    started: int
    ended: int
    state: str | None


@dataclass
class Receiver:
    """`fault(handler)`, where there is one, answers instead."""

    spans: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    fault: object = None
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def named(self, name):
        return [each for each in self.spans if each.name == name]

    def one(self, name):
        (found,) = self.named(name)
        return found

    def path(self, span):
        """The names of a span and of all above it, as far as they arrived."""
        by_id = {each.span_id: each for each in self.spans}
        names = []
        while span is not None:
            names.append(span.name)
            span = by_id.get(span.parent_id)
        return names


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.requests.append((self.path, dict(self.headers), body))
        try:
            if receiver.fault is not None:
                receiver.fault(self)
                return
            receiver.spans += spans_in(json.loads(body))
            self.say(200, b'{"partialSuccess":{}}')
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # who sent had enough

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        return


def spans_in(body):
    for resource in body["resourceSpans"]:
        told = values(resource["resource"]["attributes"])
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                yield Received(
                    span["traceId"],
                    span["spanId"],
                    span.get("parentSpanId"),
                    span["name"],
                    span["kind"],
                    values(span["attributes"]),
                    span.get("status") == {"code": 2},
                    told["service.name"],
                    int(span["startTimeUnixNano"]),
                    int(span["endTimeUnixNano"]),
                    span.get("traceState"),
                )


def values(attributes):
    return {each["key"]: next(iter(each["value"].values())) for each in attributes}


def hung(handler):
    """Takes the spans and says nothing."""
    handler.server.receiver.released.wait(20)
    handler.close_connection = True


def dripping(handler):
    """Says its headers a byte at a time, for ever."""
    while not handler.server.receiver.released.wait(0.02):
        handler.wfile.write(b"H")
        handler.wfile.flush()
    handler.close_connection = True


def dropped(handler):
    """Hangs up without a word."""
    handler.close_connection = True
    handler.connection.close()


def status(code, body=b""):
    return lambda handler: handler.say(code, body)


def serve(receiver):
    """The receiver, running."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.receiver = receiver
    server.handle_error = lambda *_: None  # who hangs up on us is no matter
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
