"""A table that accepts every row and holds at most one: what is measured is the way to it, the same for all."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_ANSWERS = {
    "PutItem": b"{}",
    "Query": b'{"Items": [], "Count": 0, "ScannedCount": 0}',
    "DescribeTable": b'{"Table": {"ItemCount": 0}}',
}


def _nothing_in(asked: bytes) -> bytes:
    """That no table has any of the keys."""
    none = {name: [] for name in json.loads(asked)["RequestItems"]}
    return json.dumps({"Responses": none, "UnprocessedKeys": {}}).encode()


class Tables:
    """Answers DynamoDB on loopback: PutItem, Query, BatchGetItem, DescribeTable, GetItem; counts what it was asked.

    `row` is what every GetItem finds, as DynamoDB's JSON.
    """

    def __init__(self, row: bytes = b"{}") -> None:
        self.actions = actions = Counter[str]()
        answers = {**_ANSWERS, "GetItem": row}

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body leave together: apart, the second waits 40 ms for the first's acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                action = self.headers["X-Amz-Target"].rpartition(".")[2]
                actions[action] += 1
                answer = _nothing_in(body) if action == "BatchGetItem" else answers.get(action, b"{}")
                self.send_response(200 if action in {"BatchGetItem", *answers} else 400)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
