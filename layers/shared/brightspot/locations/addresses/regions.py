"""US states and territories: their postal codes, their names and the other ways people write them."""

from collections.abc import Sequence
from typing import Final

from brightspot.locations.addresses.words import plain

STATE_NAMES: Final[dict[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "GU": "Guam", "VI": "U.S. Virgin Islands", "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
    "FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau",
}  # fmt: skip

MILITARY_STATES: Final = frozenset({"AA", "AE", "AP"})
ASSOCIATED_STATES: Final = frozenset({"FM", "MH", "PW"})

# USPS Publication 65: military mail by prefix, the freely associated states by ZIP.
_RESERVED_ZIPS: Final = (
    ("AE", range(9000, 9900)),
    ("AA", range(34000, 34100)),
    ("AP", range(96200, 96700)),
    ("PW", range(96939, 96941)),
    ("FM", range(96941, 96945)),
    ("MH", (96960, 96970)),
)

# How a state may be written besides its code: full names, AP and older postal abbreviations, common territory names.
_SPELLINGS: Final = {name.upper().replace(".", ""): code for code, name in STATE_NAMES.items()} | {
    "VIRGIN ISLANDS": "VI", "USVI": "VI", "US VI": "VI", "COMMONWEALTH OF PUERTO RICO": "PR", "CNMI": "MP",
    "COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS": "MP", "WASHINGTON STATE": "WA", "NEW YORK STATE": "NY",
    "ALA": "AL", "ARIZ": "AZ", "ARK": "AR", "CALIF": "CA", "COLO": "CO", "CONN": "CT", "DEL": "DE", "FLA": "FL",
    "ILL": "IL", "IND": "IN", "KANS": "KS", "MASS": "MA", "MICH": "MI", "MINN": "MN", "MISS": "MS", "MONT": "MT",
    "NEB": "NE", "NEBR": "NE", "NEV": "NV", "OKLA": "OK", "ORE": "OR", "PENNA": "PA", "TENN": "TN", "TEX": "TX",
    "WASH": "WA", "WIS": "WI", "WISC": "WI", "WYO": "WY", "W VA": "WV", "N MEX": "NM", "N DAK": "ND", "S DAK": "SD",
    "N CAROLINA": "NC", "S CAROLINA": "SC", "N DAKOTA": "ND", "S DAKOTA": "SD",
    "W VIRGINIA": "WV", "N MARIANA ISLANDS": "MP", "COMMONWEALTH OF THE N MARIANA ISLANDS": "MP",
}  # fmt: skip
_LONGEST_SPELLING: Final = max(spelling.count(" ") for spelling in _SPELLINGS) + 1


def mail_state(zip_number: int) -> str | None:
    """Return the code of the military or associated "state" that USPS reserves this ZIP for, or None."""
    return next((code for code, reserved in _RESERVED_ZIPS if zip_number in reserved), None)


def named_state(code: str) -> str:
    """Return "Minnesota (MN)" for "MN"."""
    return f"{STATE_NAMES[code]} ({code})"


def trailing_state(words: Sequence[str]) -> tuple[str, int] | None:
    """Return the code of the state that `words` end with and how many words it takes, or None.

    The longest spelling wins: "West Virginia" over "Virginia". "N. Y." counts, "N E" does not: it is a direction.
    """
    for size in range(min(_LONGEST_SPELLING, len(words)), 0, -1):
        tail = [plain(word) for word in words[-size:]]
        spelled = " ".join(tail)
        if spelled in _SPELLINGS:
            return _SPELLINGS[spelled], size
        initials = "".join(tail) if all(len(letter) == 1 for letter in tail) and tail != ["N", "E"] else ""
        code = spelled if size == 1 else initials
        if code in STATE_NAMES:
            return code, size
    return None
