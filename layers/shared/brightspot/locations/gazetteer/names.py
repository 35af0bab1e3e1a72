"""Which city and street an address means, once a list of real cities is at hand."""

from typing import Final

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.parser import ParsedAddress
from brightspot.locations.gazetteer.rows import ZipTable

# Names that everybody uses and no ZIP carries as its main city. Boroughs and neighbourhoods are not guessed.
_ALIASES: Final = {
    ("NEW YORK CITY", "NY"): "NEW YORK",
    ("NYC", "NY"): "NEW YORK",
    ("NY", "NY"): "NEW YORK",
    ("WASHINGTON DC", "DC"): "WASHINGTON",
    ("29 PALMS", "CA"): "TWENTYNINE PALMS",
}
_LONGEST_CITY: Final = 5  # words


def settled_key(city: str, state: str) -> str:
    """Return the key under which the dataset knows this city of `state`, if it knows it."""
    key = city_key(city)
    return _ALIASES.get((key, state), key)


def settle(table: ZipTable, parsed: ParsedAddress, state: str, main_city_key: str | None) -> tuple[str | None, str]:
    """Return the street and the city key that `parsed` means in `state`; the key is "" when it names no city.

    Where no comma parts them, the city is the ZIP's main city if the words end with it, else the longest ending that
    is a city of the state, else what the model took for one.
    """
    key = settled_key(parsed.city or "", state)
    if not parsed.estimated_split:
        return parsed.street, key
    words = f"{parsed.street or ''} {parsed.city or ''}".split()
    starts = range(max(0, len(words) - _LONGEST_CITY), len(words))
    endings = [(start, settled_key(" ".join(words[start:]), state)) for start in starts]
    for start, ending in endings:
        if ending == main_city_key:
            return " ".join(words[:start]) or None, ending
    for start, ending in endings:
        if table.has_city(ending, state):
            return " ".join(words[:start]) or None, ending
    return parsed.street, key
