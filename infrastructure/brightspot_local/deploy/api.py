"""The deployed HTTP API, asked over HTTP."""

import json
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from brightspot_local.deploy.errors import DeployFailed

_SECONDS = 60.0  # a function that starts unpacks its layer first


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `body` is what its JSON holds, None where it is no JSON."""

    status: int
    body: Any
    text: str


@dataclass(frozen=True, slots=True)
class Api:
    """An HTTP API of MiniStack. `token` may do everything."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        """Ask with our token, or with another one; an empty one is not sent. Raises DeployFailed when none answers."""
        bearer = self.token if token is None else token
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {bearer}"} if bearer else {})
        base = urlsplit(self.url)
        try:
            with closing(HTTPConnection(base.hostname or "", base.port, timeout=_SECONDS)) as connection:
                sent = None if body is None else json.dumps(body)
                connection.request(method, f"{base.path}{path}", sent, headers)
                response = connection.getresponse()
                text = response.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise DeployFailed(f"{method} {path} was not answered: {error!r}") from error
        return Answer(response.status, _json(text), text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
