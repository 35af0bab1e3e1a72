"""The server to ask, which several commands take."""

import argparse
from pathlib import Path


def add_server(command: argparse.ArgumentParser, help_text: str) -> None:
    """The arguments `--url` and `--token-file`."""
    command.add_argument("--url", help=help_text)
    command.add_argument("--token-file", type=Path, help="a file with the access token to send, where one is needed")
