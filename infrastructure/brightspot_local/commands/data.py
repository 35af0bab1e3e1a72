"""The data folder, which several commands take."""

import argparse
from pathlib import Path


def add_data(command: argparse.ArgumentParser) -> None:
    """The argument `--data`."""
    command.add_argument("--data", type=Path, default=Path(".brightspot"), help="data folder (default .brightspot)")
