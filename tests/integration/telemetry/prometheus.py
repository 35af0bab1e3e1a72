"""Prometheus's own programs: the ones that `make promtool` sets up, or those on PATH; and figures for them to read."""

import json
import shutil
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from brightspot.telemetry import METRICS, OPENMETRICS, TEXT, Figures, Sketch, exposed
from brightspot.telemetry.metric import Counter, Distribution
from brightspot_local.paths import ROOT
from brightspot_local.services.process import free_port

JOB = "brightspot"
_VALUES = {"status": ("200", "404", "503"), "served": ("cached", "computed"), "state": ("closed", "open", "half_open")}


def program(name):
    """The path of a program of Prometheus; where there is none, the test is skipped."""
    ours = ROOT / ".tools" / "promtool" / name
    if (found := str(ours) if ours.exists() else shutil.which(name)) is None:
        pytest.skip(f"needs {name}: make promtool (Debian), or one on PATH")
    return found


def promtool(*arguments, given=""):
    """What promtool says of a thing, and whether it takes it."""
    command = [program("promtool"), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def figures(times):
    """Of every declared metric something, for values of its labels; it has happened so many times."""
    told = Figures()
    for metric in METRICS:
        for number in range(3):
            labels = tuple(_value(label, number) for label in metric.labels)
            if isinstance(metric, Counter):
                told.counters[metric.name, *labels] = 2 * times
            elif isinstance(metric, Distribution):
                sketch = told.sketches.setdefault((metric.name, *labels), Sketch())
                for _ in range(times):
                    sketch.add(0.02)
            else:
                told.gauges[metric.name, *labels] = 1.0
    return told


def _value(label, number):
    known = _VALUES.get(label, (f"{label}_a", f"{label}_b"))
    return known[number % len(known)]


@contextmanager
def told_to_prometheus(folder):
    """A Prometheus that has read three generations of figures of everything; a function that asks it."""
    served = _Figures()
    port = free_port()
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{"job_name": JOB, "static_configs": [{"targets": [f"127.0.0.1:{served.port}"]}]}],
    }
    (folder / "prometheus.yml").write_text(json.dumps(configuration))  # YAML as well
    command = [
        program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            served.wait_for(3, server)
            yield _asking(port)
        finally:
            server.terminate()
            server.wait(timeout=20)
            served.close()


def _asking(port):
    def ask(path, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}?{query}", timeout=20) as answer:
            told = json.load(answer)
        assert told["status"] == "success"
        return told["data"]

    return ask


class _Figures:
    """Serves what /metrics would, a generation further at each scrape."""

    def __init__(self):
        self._scraped = 0
        self._more = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                with outer._more:
                    outer._scraped += 1
                    openmetrics = "application/openmetrics-text" in self.headers.get("accept", "")
                    text = exposed(figures(outer._scraped), METRICS, openmetrics=openmetrics).encode()
                    outer._more.notify_all()
                self.send_response(200)
                self.send_header("content-type", OPENMETRICS if openmetrics else TEXT)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def wait_for(self, generations, reader):
        """Until the next scrape after so many has begun: those before it are stored."""
        give_up = time.monotonic() + 60
        with self._more:
            while self._scraped <= generations:
                assert reader.poll() is None, "Prometheus has ended"
                assert time.monotonic() < give_up, "Prometheus asks for no figures"
                self._more.wait(timeout=1)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
