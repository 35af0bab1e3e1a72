"""Why an address that reads well names no place we know, and what to send instead."""

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.errors import AddressNotFound, shortened
from brightspot.locations.addresses.parser import ParsedAddress
from brightspot.locations.addresses.regions import (
    ASSOCIATED_STATES,
    MILITARY_STATES,
    STATE_NAMES,
    named_state,
    trailing_state,
)
from brightspot.locations.gazetteer.rows import ZipRow, ZipTable

_MOST_OFFERED = 5
_LIKE_ENOUGH = 0.7  # difflib's ratio; below it the offers are noise


def outside_the_states(state: str | None, parsed: ParsedAddress) -> AddressNotFound | None:
    """Return the refusal for military mail and for freely associated states, None for all other states."""
    if state in MILITARY_STATES:
        detail = (
            f"We understood military mail ({state}). APO, FPO and DPO addresses tell no place in the US. "
            f"Send the ZIP, or the city and state, of the installation where the site would be."
        )
        return AddressNotFound("military", detail, parsed.understood | {"state": state})
    if state in ASSOCIATED_STATES:
        detail = (
            f"{named_state(state)} uses US mail but is not part of the United States, and there are no data for it. "
            f"Send an address in a US state or territory."
        )
        return AddressNotFound("not_us", detail, parsed.understood | {"state": named_state(state)})
    return None


def unknown_zip(table: ZipTable, parsed: ParsedAddress) -> AddressNotFound:
    detail = (
        f"{parsed.zip5} is not among the {table.count():,} ZIPs of the dataset. "
        f'Check its five digits, or send the city and state, as in "Rochester, MN".'
    )
    return AddressNotFound("unknown_zip", detail, parsed.understood)


def zip_and_state_disagree(row: ZipRow, parsed: ParsedAddress) -> AddressNotFound:
    written, real = named_state(parsed.state or ""), named_state(row.state or "")
    detail = f"{row.code} is in {real}, you wrote {written}. Send the one you mean."
    return AddressNotFound("zip_state_mismatch", detail, parsed.understood | {"zip_state": real})


def zip_and_city_disagree(row: ZipRow, parsed: ParsedAddress) -> AddressNotFound:
    city, home = shortened(parsed.city or "", 40), f"{row.city}, {row.state}"
    detail = (
        f'{row.code} is {home}, and we know no "{city}" near it. '
        f'Send "{home} {row.code}" if you mean that ZIP, or the city with its state.'
    )
    return AddressNotFound("zip_city_mismatch", detail, parsed.understood | {"zip_city": home})


def without_position(row: ZipRow, parsed: ParsedAddress) -> AddressNotFound:
    """Refuse a ZIP that USPS may know and the dataset cannot place."""
    detail = (
        f"{row.code} is a ZIP, but the dataset knows neither its position nor a ZIP that covers it. "
        f"Send the ZIP of the site's street address, or its city and state."
    )
    return AddressNotFound("no_position", detail, parsed.understood)


def unknown_city(table: ZipTable, parsed: ParsedAddress, city: str, state: str) -> AddressNotFound:
    """Offer close spellings; the list of ZIPs' main cities lacks many towns, so a ZIP is asked for too."""
    from difflib import get_close_matches  # noqa: PLC0415  # refusals only

    cities = table.cities_of(state)
    close = [cities[key] for key in get_close_matches(city_key(city), cities, _MOST_OFFERED, _LIKE_ENOUGH)]
    offer = f" Close spellings: {', '.join(close)}." if close else ""
    detail = (
        f'"{shortened(city, 40)}" is not the main city of any ZIP in {named_state(state)}.{offer} '
        f"Send {'one of these, or ' if close else ''}the ZIP of the site: it works for every town."
    )
    return AddressNotFound("unknown_city", detail, parsed.understood)


def city_without_state(table: ZipTable, parsed: ParsedAddress) -> AddressNotFound:
    city = shortened(parsed.city or "", 40)
    found = table.states_with_city(city_key(parsed.city or ""))[:_MOST_OFFERED]
    if found:
        names = ", ".join(named_state(state) for state, _, _ in found if state in STATE_NAMES)
        example = f"{found[0][1]}, {found[0][0]}"
        detail = f'We understood the city "{city}" without a state. It is in {names}. Send it as in "{example}".'
        return AddressNotFound("city_without_state", detail, parsed.understood | {"states": names})
    if trailing_state(city.split()):
        detail = f'"{city}" is a state. Send a city with it, as in "Rochester, MN", or a ZIP.'
    else:
        detail = f'We understood "{city}" as a city without a state, and no ZIP\'s main city is called so. '
        detail += 'Send the city with its state, as in "Rochester, MN", or a ZIP.'
    return AddressNotFound("city_without_state", detail, parsed.understood)
