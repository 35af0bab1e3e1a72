"""City names in one normal form, so that `St. Paul`, `SAINT PAUL` and `saint-paul` meet."""

import re
import unicodedata
from typing import Final

_SHORT_FORMS: Final = {
    "SAINT": "ST",
    "SAINTE": "STE",
    "FORT": "FT",
    "MOUNT": "MT",
    "MOUNTAIN": "MTN",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
}
_JOINERS = re.compile(r"[-/\u2010-\u2015]")
_NOISE = re.compile(r"[^A-Z0-9 ]")


def city_key(name: str) -> str:
    """The key under which a city is stored and looked up: capital A-Z, digits and single spaces.

    Accents are stripped (NFKD), hyphens and slashes separate words, every other sign is dropped, and the words that
    USPS shortens (Saint, Fort, Mount, Mountain, the compass points) take their short form wherever they stand.
    A name without one usable sign gives the empty string. Applying it twice changes nothing.
    """
    spaced = re.sub(r"\s", " ", _JOINERS.sub(" ", name))
    plain = _NOISE.sub("", unicodedata.normalize("NFKD", spaced).upper())
    return " ".join(_SHORT_FORMS.get(word, word) for word in plain.split())
