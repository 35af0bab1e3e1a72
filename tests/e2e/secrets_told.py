"""Secrets that a run used, and where any of them can be read, in any of the ways that programs write text."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote


class Secrets:
    """Values by what they are. Short ones are refused: they would be found by chance."""

    def __init__(self) -> None:
        self._forms: dict[bytes, str] = {}

    def add(self, name, value):
        """Keep a secret in every form it may be written in; the secret again."""
        data = value.encode() if isinstance(value, str) else value
        if len(data) < 16:
            raise ValueError(f"{name} is too short to be looked for")
        for form in (data, quote(data, safe="").encode(), b64encode(data).rstrip(b"="), data.hex().encode()):
            self._forms[form] = name
        self._forms[urlsafe_b64encode(data).rstrip(b"=")] = name
        return value

    @property
    def names(self):
        return set(self._forms.values())

    def found(self, data):
        """What can be read in `data`, by name."""
        text = data.encode() if isinstance(data, str) else data
        return sorted({name for form, name in self._forms.items() if form in text})
