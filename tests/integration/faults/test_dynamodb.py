"""DynamoDB throttles, hangs and goes away while four environments compute: no request fails and no analysis is lost.

What one request can lose is a connection (0.3 s) and an answer (0.7 s) that do not come; then the table rests, and the
others lose only the message to the queue. The servers here speak just enough of DynamoDB's and SQS's JSON protocols to
count what reaches them.
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.integration.faults.conftest import CLIENTS, Load

MOST_LOST_MS = 5000.0  # generous: two cores serve four environments; the medians say what a fault really costs


class Aws(ThreadingHTTPServer):
    """Keeps the ids of the analyses that reached the table or the queue."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.mode = "ok"
        self.rows = set()
        self.messages = set()
        self.tries = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.mode = "gone"
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if self.server.mode == "gone":
            self.close_connection = True  # a connection that was open when the server went goes with it
            return
        self.server.tries += 1
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["x-amz-target"] == "AmazonSQS.SendMessage":
            text = body["MessageBody"]
            self.server.messages.add(json.loads(text)["body"]["id"])
            digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
            self._say(200, {"MessageId": "m", "MD5OfMessageBody": digest})
        elif self.server.mode == "throttle":
            self._say(400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"})
        else:
            if self.server.mode == "hang":
                time.sleep(2.0)
            self.server.rows.add(body["Item"]["id"]["S"])
            self._say(200, {})

    def _say(self, status, body):
        data = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            return  # the caller did not wait, as it should not

    def log_message(self, *_):
        return


@pytest.fixture(scope="module")
def aws():
    table, queue = Aws(), Aws()
    yield table, queue
    for each in (table, queue):
        each.close()


@pytest.fixture(scope="module")
def usually(aws):
    """Four environments, and what became of their requests while nothing failed."""
    table, queue = aws
    load = Load(
        {
            "TABLE_PREFIX": "faults",
            "DYNAMODB_ENDPOINT_URL": table.url,
            "AWS_ENDPOINT_URL": queue.url,
            "HISTORY_QUEUE_URL": f"{queue.url}/000000000000/history",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        },
        "uncached",
    )
    load.wait_until_all_serve()
    yield load, load.phase(1.0)
    load.stop()


@pytest.fixture
def serving(aws, usually):
    """They, once every analysis is in the table again."""
    (table, _), (load, _) = aws, usually
    for _ in range(40):
        phase = load.phase(0.5)
        if len({line["number"] for line in phase}) == CLIENTS and {line["id"] for line in phase} <= table.rows:
            return load
    raise AssertionError("analyses still go to the queue")


@pytest.fixture
def before(usually):
    return usually[1]


def lost(serving, aws):
    """Analyses that callers were told of and that are nowhere."""
    told = {line["id"] for line in list(serving.lines)}
    return told - aws[0].rows - aws[1].messages


@pytest.mark.parametrize("mode", ["throttle", "hang"])
def test_what_the_table_does_not_take_is_in_the_queue(aws, serving, before, held_up, mode):
    table, queue = aws
    known = len(queue.messages)
    table.mode = mode
    held_up(mode, before, serving.phase(2.5), MOST_LOST_MS)
    table.mode = "ok"
    assert len(queue.messages) > known
    assert lost(serving, aws) == set()


def test_while_a_table_hangs_few_requests_wait_for_it(aws, serving, before, held_up):
    table, _ = aws
    table.mode = "hang"
    tries = table.tries
    during = serving.phase(4.5)
    table.mode = "ok"
    held_up("hang for long", before, during, MOST_LOST_MS)
    print(f"{table.tries - tries} of {len(during)} asked the table")
    assert 0 < (table.tries - tries) * 4 < len(during)


def test_a_table_that_is_gone_loses_nothing(aws, serving, before, held_up):
    table, queue = aws
    known = len(queue.messages)
    table.close()
    held_up("gone", before, serving.phase(2.0), MOST_LOST_MS)
    assert len(queue.messages) > known
    assert lost(serving, aws) == set()
