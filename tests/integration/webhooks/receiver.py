"""A real receiver on loopback: answers as it is told to, and remembers what it was sent."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """`answers` are statuses with headers, the last one for good; `url` is where it listens."""

    def __init__(self, port):
        self.url = f"http://hooks.example:{port}/alerts?team=a"
        self.port = port
        self.answers = [(204, {})]
        self.got = []
        self.release = threading.Event()


@contextmanager
def receiving():
    """Runs one, in threads that end with it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            known.got.append((self.path, dict(self.headers.items()), body))
            status, headers = known.answers.pop(0) if len(known.answers) > 1 else known.answers[0]
            if status is None:
                known.release.wait(10)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        known.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping():
    """A server that sends a byte of its status line now and then, for ever; the port."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                for each in b"HTTP/1.1 200 OK" + b" " * 10_000:
                    if stop.wait(0.02):
                        return
                    try:
                        connection.sendall(bytes([each]))
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            server.close()
            thread.join(5)
