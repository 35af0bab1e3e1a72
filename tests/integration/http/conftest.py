"""Calls a function's own Lambda entry with API Gateway events, as Lambda would."""

import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

FUNCTIONS = Path(__file__).parents[3] / "functions"


@dataclass
class Answer:
    status: int
    headers: dict
    text: str

    @property
    def json(self):
        return json.loads(self.text)


@pytest.fixture
def call(monkeypatch):
    """`call("analyze", "POST", "/api/v1/analyze", {...})`: the answer of that function."""

    def send(function, method, path, body=None, *, headers=None, query="", remaining=29.0):
        monkeypatch.syspath_prepend(str(FUNCTIONS / function))
        module = importlib.import_module(f"{function}_handler")
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        sent = {"content-type": "application/json"} if text is not None else {}
        event = {
            "version": "2.0",
            "routeKey": f"{method} {path}",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {**sent, **(headers or {})},
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1"},
                "stage": "$default",
            },
            "isBase64Encoded": False,
            **({"body": text} if text is not None else {}),
        }
        context = SimpleNamespace(
            aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            get_remaining_time_in_millis=lambda: int(remaining * 1000),
        )
        returned = module.handler(event, context)
        assert returned["isBase64Encoded"] is False
        return Answer(returned["statusCode"], returned["headers"], returned["body"])

    yield send
    for name in [name for name in sys.modules if name.endswith(("_handler", "_routes"))]:
        del sys.modules[name]
