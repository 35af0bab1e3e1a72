"""The 80 addresses: city halls, libraries, bases and the like, of all states, DC and five territories."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("addresses.csv")
KINDS: Final = ("city", "suburb", "rural", "military", "territory")


@dataclass(frozen=True, slots=True)
class Expected:
    """One public place. `scored` is False where no data of the ZIP are embedded, so that a score would be invented."""

    kind: str
    place: str
    address: str
    state: str
    zip: str
    scored: bool


@lru_cache(maxsize=1)
def sites() -> tuple[Expected, ...]:
    """All of them, by state, territories last."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Expected(row["kind"], row["place"], row["address"], row["state"], row["zip"], row["scored"] == "yes")
            for row in csv.DictReader(file)
        )
