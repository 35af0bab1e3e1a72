"""The signs by which an address shows that it lies in another country, or says that it lies in this one."""

import re
from collections.abc import Sequence
from typing import Final

from brightspot.locations.addresses.words import plain

_UNITED_STATES: Final = re.compile(
    r"(?:(?:^|[\s,]+)(?:united\s+states(?:\s+of\s+america)?|u\s?\.?\s?s\s?\.?\s?a\.?|u\.?\s?s\.?))+$", re.IGNORECASE
)

_PROVINCES: Final = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland",
    "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario",
    "PE": "Prince Edward Island", "PQ": "Quebec", "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip
_PROVINCE_NAMES: Final = frozenset(name.upper() for name in _PROVINCES.values())

_POSTCODES: Final = (
    ("Canada", re.compile(r"\b[ABCEGHJ-NPRSTVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9]$", re.IGNORECASE)),
    ("the United Kingdom", re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$", re.IGNORECASE)),
    ("Mexico", re.compile(r"\bC\.?\s?P\.? ?[0-9]{5}\b|\bCDMX\b", re.IGNORECASE)),
)

# Countries as they end an address. Georgia is left out, being a state; Puerto Rico, Guam and the like are at home.
_COUNTRIES: Final = {
    name: name.title()
    for name in (
        "AFGHANISTAN", "ALBANIA", "ALGERIA", "ANDORRA", "ANGOLA", "ARGENTINA", "ARMENIA", "AUSTRALIA", "AUSTRIA",
        "AZERBAIJAN", "BAHAMAS", "BAHRAIN", "BANGLADESH", "BARBADOS", "BELARUS", "BELGIUM", "BELIZE", "BENIN",
        "BERMUDA", "BHUTAN", "BOLIVIA", "BOTSWANA", "BRAZIL", "BRUNEI", "BULGARIA", "BURUNDI", "CAMBODIA", "CAMEROON",
        "CANADA", "CHAD", "CHILE", "CHINA", "COLOMBIA", "CONGO", "CROATIA", "CUBA", "CYPRUS", "CZECHIA", "DENMARK",
        "DJIBOUTI", "DOMINICA", "ECUADOR", "EGYPT", "ENGLAND", "ERITREA", "ESTONIA", "ETHIOPIA", "FIJI", "FINLAND",
        "FRANCE", "GABON", "GAMBIA", "GERMANY", "GHANA", "GREECE", "GREENLAND", "GRENADA", "GUATEMALA", "GUINEA",
        "GUYANA", "HAITI", "HONDURAS", "HUNGARY", "ICELAND", "INDIA", "INDONESIA", "IRAN", "IRAQ", "IRELAND", "ISRAEL",
        "ITALY", "JAMAICA", "JAPAN", "JORDAN", "KAZAKHSTAN", "KENYA", "KIRIBATI", "KOSOVO", "KUWAIT", "KYRGYZSTAN",
        "LAOS", "LATVIA", "LEBANON", "LESOTHO", "LIBERIA", "LIBYA", "LIECHTENSTEIN", "LITHUANIA", "LUXEMBOURG",
        "MADAGASCAR", "MALAWI", "MALAYSIA", "MALDIVES", "MALI", "MALTA", "MAURITANIA", "MAURITIUS", "MEXICO", "MOLDOVA",
        "MONACO", "MONGOLIA", "MONTENEGRO", "MOROCCO", "MOZAMBIQUE", "MYANMAR", "NAMIBIA", "NAURU", "NEPAL",
        "NETHERLANDS", "NICARAGUA", "NIGER", "NIGERIA", "NORWAY", "OMAN", "PAKISTAN", "PALESTINE", "PANAMA", "PARAGUAY",
        "PERU", "PHILIPPINES", "POLAND", "PORTUGAL", "QATAR", "ROMANIA", "RUSSIA", "RWANDA", "SAMOA", "SCOTLAND",
        "SENEGAL", "SERBIA", "SEYCHELLES", "SINGAPORE", "SLOVAKIA", "SLOVENIA", "SOMALIA", "SPAIN", "SUDAN", "SURINAME",
        "SWEDEN", "SWITZERLAND", "SYRIA", "TAIWAN", "TAJIKISTAN", "TANZANIA", "THAILAND", "TOGO", "TONGA", "TUNISIA",
        "TURKEY", "TURKMENISTAN", "TUVALU", "UGANDA", "UKRAINE", "URUGUAY", "UZBEKISTAN", "VANUATU", "VENEZUELA",
        "VIETNAM", "WALES", "YEMEN", "ZAMBIA", "ZIMBABWE",
    )
} | {
    "UK": "the United Kingdom", "GB": "the United Kingdom", "GREAT BRITAIN": "the United Kingdom",
    "UNITED KINGDOM": "the United Kingdom", "NORTHERN IRELAND": "the United Kingdom", "SOUTH KOREA": "South Korea",
    "NORTH KOREA": "North Korea", "NEW ZEALAND": "New Zealand", "SOUTH AFRICA": "South Africa", "HONG KONG": "China",
    "COSTA RICA": "Costa Rica", "EL SALVADOR": "El Salvador", "DOMINICAN REPUBLIC": "the Dominican Republic",
    "SAUDI ARABIA": "Saudi Arabia", "UNITED ARAB EMIRATES": "the United Arab Emirates", "SRI LANKA": "Sri Lanka",
    "UAE": "the United Arab Emirates", "TRINIDAD AND TOBAGO": "Trinidad and Tobago", "CAPE VERDE": "Cape Verde",
    "BURKINA FASO": "Burkina Faso", "IVORY COAST": "Ivory Coast", "SIERRA LEONE": "Sierra Leone",
    "SOUTH SUDAN": "South Sudan", "SAN MARINO": "San Marino", "VATICAN CITY": "Vatican City",
    "PAPUA NEW GUINEA": "Papua New Guinea", "CZECH REPUBLIC": "Czechia", "THE NETHERLANDS": "the Netherlands",
    "HOLLAND": "the Netherlands", "DEUTSCHLAND": "Germany", "ESPANA": "Spain", "ITALIA": "Italy", "BRASIL": "Brazil",
    "OSTERREICH": "Austria", "SUISSE": "Switzerland", "SCHWEIZ": "Switzerland", "NEDERLAND": "the Netherlands",
    "REPUBLIC OF IRELAND": "Ireland", "BRITISH VIRGIN ISLANDS": "British Virgin Islands",
    "CAYMAN ISLANDS": "the Cayman Islands", "NEW CALEDONIA": "New Caledonia", "TURKIYE": "Turkey",
    "BOSNIA AND HERZEGOVINA": "Bosnia and Herzegovina", "NORTH MACEDONIA": "North Macedonia",
}  # fmt: skip
_LONGEST_COUNTRY: Final = max(name.count(" ") for name in _COUNTRIES) + 1

Parts = list[list[str]]
"""An address cut at its commas, each part cut into words."""


def without_united_states(line: str) -> str:
    """Return `line` without "USA", "U.S." or "United States" at its end."""
    return _UNITED_STATES.sub("", line).rstrip(" ,")


def country_of_postcode(line: str) -> str | None:
    """Return the country whose postcode `line` shows, or None."""
    return next((country for country, pattern in _POSTCODES if pattern.search(line)), None)


def country_at_end(parts: Parts) -> str | None:
    """Return the other country that `parts` end with, or None.

    A name that stands alone names a US town (Peru, Lebanon, Cuba, ...) as well and is no sign.
    """
    last = [plain(word) for word in parts[-1]]
    for size in range(min(_LONGEST_COUNTRY, len(last)), 0, -1):
        name = " ".join(last[-size:])
        if name in _COUNTRIES and (size < len(last) or len(parts) > 1):
            return _COUNTRIES[name]
    return "Canada" if _ends_with_province(parts, last) else None


def is_canadian(parts: Parts) -> bool:
    """Whether `parts`, once "CA" is cut off, show that it meant Canada: "Toronto, ON", "Toronto, Ontario"."""
    last = [plain(word) for word in parts[-1]]
    return _ends_with_province(parts, last) and not any(character.isdigit() for word in parts[0] for character in word)


def has_province_code(parts: Parts) -> bool:
    """Whether `parts` end with a Canadian province's code after something else."""
    return plain(parts[-1][-1]) in _PROVINCES and (len(parts) > 1 or len(parts[-1]) > 1)


def _ends_with_province(parts: Parts, last: Sequence[str]) -> bool:
    spelled = len(parts) > 1 and " ".join(last) in _PROVINCE_NAMES
    return spelled or has_province_code(parts)
