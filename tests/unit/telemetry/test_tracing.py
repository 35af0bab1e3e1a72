"""Where spans go, by the environment, and what a span costs when they go nowhere."""

import threading
from contextvars import copy_context

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.telemetry import configure_tracing, current_context, entry_span, request_context, span
from brightspot.telemetry.spans import NoSpan, Tracer, use_tracer
from brightspot.telemetry.tracing import TraceSettings, otlp_url, traced_by

SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Kept:
    """Satisfies `Writer`."""

    def __init__(self):
        self.spans = []

    def write(self, spans):
        self.spans += spans


@pytest.fixture
def kept():
    made = Kept()
    tracer = Tracer(made, 1.0)
    use_tracer(tracer)
    yield lambda: (tracer.flush(), made.spans)[1]
    use_tracer(None)


@pytest.fixture(autouse=True)
def _put_back(monkeypatch):
    yield
    monkeypatch.undo()
    configure_tracing()


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        ({}, "off"),
        ({"TRACING": "xray"}, "xray"),
        ({"TRACING": "OTEL", "JAEGER_ENDPOINT": "http://jaeger:14268/api/traces"}, "otel"),
        ({"JAEGER_ENDPOINT": "http://jaeger:14268/api/traces"}, "otel"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, "otel"),
        ({"TRACING": "off", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, "off"),
        ({"TELEMETRY_ENABLED": "false", "TRACING": "xray"}, "off"),
    ],
)
def test_the_environment_says_where_spans_go(monkeypatch, environment, backend):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    configure_tracing()
    assert traced_by() == backend


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TRACING": "jaeger"}, "TRACING='jaeger': send one of off, xray, otel"),
        ({"TRACING": "otel"}, "TRACING=otel: set OTEL_EXPORTER_OTLP_ENDPOINT"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT: send http"),
        ({"JAEGER_ENDPOINT": "jaeger"}, "JAEGER_ENDPOINT: send http"),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318", "JAEGER_ENDPOINT": "http://b:14268/api/traces"},
            "OTEL_EXPORTER_OTLP_ENDPOINT and JAEGER_ENDPOINT disagree",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_HEADERS": "sesame"},
            "OTEL_EXPORTER_OTLP_HEADERS: send name=value",
        ),
        ({"TELEMETRY_SAMPLE_RATE": "2"}, "TELEMETRY_SAMPLE_RATE='2': send 0 to 1"),
        ({"TELEMETRY_SAMPLE_RATE": "1", "OTEL_TRACES_SAMPLER_ARG": "0.5"}, "disagree"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(monkeypatch, environment, said):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        configure_tracing()
    assert said in str(refused.value)
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize(
    ("jaeger", "url"),
    [
        ("http://localhost:14268/api/traces", "http://localhost:4318/v1/traces"),
        ("https://jaeger.example.org", "https://jaeger.example.org:4318/v1/traces"),
        ("http://[::1]:14268/api/traces", "http://[::1]:4318/v1/traces"),
    ],
)
def test_jaegers_old_address_leads_to_where_it_takes_otlp(jaeger, url):
    assert otlp_url(load(TraceSettings, {"JAEGER_ENDPOINT": jaeger})) == url


def test_both_names_of_one_collector_may_be_set():
    both = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318/", "JAEGER_ENDPOINT": "http://localhost:14268"}
    assert otlp_url(load(TraceSettings, both)) == "http://localhost:4318/v1/traces"


def fails_within():
    with span("second"), span("inner") as inner:
        inner.tell(found=True)
        raise TimeoutError("of 1216 2nd St SW")


def test_spans_are_nested_as_their_blocks_are(kept):
    with request_context("a", SENT), entry_span("whole", "server"):
        with span("first", size=3):
            pass
        with pytest.raises(TimeoutError):
            fails_within()
    first, inner, second, whole = kept()
    assert (whole.parent_id, whole.trace_id) == (SENT[36:52], SENT[3:35])
    assert (first.parent_id, second.parent_id, inner.parent_id) == (whole.span_id, whole.span_id, second.span_id)
    assert (first.attributes, inner.attributes) == ({"size": 3}, {"found": True})
    assert (first.error, inner.error, second.error, whole.error) == (None, "timeout", "timeout", None)


def test_what_is_sent_from_within_a_span_goes_on_from_it(kept):
    with request_context("a", SENT), entry_span("whole", "server"), span("part"):
        sent = current_context().traceparent
    part, _ = kept()
    assert sent == f"00-{SENT[3:35]}-{part.span_id}-01"


def test_a_thread_that_takes_the_context_along_is_part_of_the_trace(kept):
    def work():
        with span("on a thread"):
            pass

    with request_context("a", SENT), entry_span("whole", "server"):
        thread = threading.Thread(target=copy_context().run, args=(work,))
        thread.start()
        thread.join()
    part, whole = kept()
    assert part.parent_id == whole.span_id


def test_outside_of_a_recorded_trace_there_is_no_span(kept):
    with (
        span("alone") as alone,
        request_context("a", SENT.removesuffix("1") + "0"),
        entry_span("whole", "server") as whole,
    ):
        alone.tell(found=True)
        whole.fail("timeout")
        with span("part") as part:
            pass
    assert all(isinstance(each, NoSpan) for each in (alone, whole, part))
    assert kept() == []


def test_a_request_has_a_trace_id_even_when_nothing_is_recorded():
    with request_context("a"):
        context = current_context()
        assert len(context.trace_id) == 32
        assert context.traceparent.endswith("-00")
        assert current_context() == context
    assert current_context().trace_id is None


def test_without_x_ray_lambdas_own_trace_is_taken_where_none_was_sent(monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")
    with request_context("a"):
        assert current_context().trace_id == "5759e988bd862e3fe1be46a994272793"
    with request_context("a", SENT):
        assert current_context().trace_id == SENT[3:35]


def test_a_span_that_nobody_records_is_one_shared_object():
    assert span("a") is span("b", size=1)
