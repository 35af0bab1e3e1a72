"""An S3 that refuses whatever it is asked."""

import http.server
import threading
from contextlib import contextmanager

import pytest

ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>as the test asks</Message></Error>'


class Refusing(http.server.BaseHTTPRequestHandler):
    """Answers every request with the status and code of its server, as S3 words it."""

    def answer(self):
        self.server.asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = ERROR.format(self.server.code).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = answer  # noqa: N815  # http.server's names

    def log_message(self, *_):
        pass


@pytest.fixture
def refusing():
    """`with refusing(403, "AccessDenied") as server`: its `url`, and what it was `asked`."""

    @contextmanager
    def serve(status, code):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        server.status, server.code, server.asked = status, code, []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    return serve
