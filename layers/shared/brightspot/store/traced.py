"""Each call of a botocore client as a span, named by its operation: `DynamoDB.PutItem`."""

from typing import Any, Final

from brightspot.telemetry import NoSpan, Span, Value, span

_HELD: Final = "brightspot_span"


def traced(client: Any, **attributes: Value) -> None:
    """Record what the client does from here on, as parts of what is recorded at the time; `attributes` go with each.

    By botocore's own events (botocore/client.py): pynamodb calls past the client's methods, but not past these.
    """

    def begin(model: Any, context: dict[str, Any], **_: Any) -> None:
        name = f"{model.service_model.service_id}.{model.name}"
        context[_HELD] = span(name, "client", **attributes)

    client.meta.events.register("before-call", begin)
    client.meta.events.register("after-call", _answered)
    client.meta.events.register("after-call-error", _unanswered)


def _answered(http_response: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    held: Span | NoSpan = context.pop(_HELD)
    held.tell(**{"http.response.status_code": http_response.status_code})
    if "Error" in parsed and (code := parsed["Error"].get("Code")):
        held.fail(str(code))
    held.end()


def _unanswered(exception: Exception, context: dict[str, Any], **_: Any) -> None:
    held: Span | NoSpan = context.pop(_HELD)
    held.fail(type(exception).__name__)
    held.end()
