"""Where an address is: from its text to a Place, by the embedded dataset alone."""

import re
from dataclasses import replace
from functools import lru_cache

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.parser import ParsedAddress, normal_form, parse
from brightspot.locations.addresses.regions import STATE_NAMES, mail_state
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.gazetteer import notes, refusals
from brightspot.locations.gazetteer.city import city_point
from brightspot.locations.gazetteer.names import settle
from brightspot.locations.gazetteer.rows import Queries, ZipRow, ZipTable
from brightspot.locations.place import Place


class Gazetteer:
    """Finds places in the dataset; it keeps no state of its own and may be shared between threads."""

    def __init__(self, dataset: Queries) -> None:
        self._table = ZipTable(dataset)

    def locate(self, text: str) -> Place:
        """Return the place of an address.

        Raises AddressRefused when the text is no US address, AddressNotFound when it names no place we know: an
        unknown ZIP or city, a city without a state, a ZIP that contradicts its state, military mail. Both are
        AddressError and say what was understood and what to send.
        """
        parsed = parse(text)
        if refusal := refusals.outside_the_states(parsed.state, parsed):
            raise refusal
        if parsed.zip5 is not None:
            return self._at_zip(int(parsed.zip5), parsed)
        if parsed.state is None:
            raise refusals.city_without_state(self._table, parsed)
        return self._in_city(parsed.state, parsed)

    def _at_zip(self, number: int, parsed: ParsedAddress) -> Place:
        row, state = self._row(number, parsed)
        if parsed.state and parsed.state != state:
            if not _names_city(parsed, row):
                raise refusals.zip_and_state_disagree(row, parsed)
            parsed = replace(parsed, city=row.city, state=state, estimated_split=False)
        street, key = settle(self._table, parsed, state, row.city_key)
        parsed = replace(parsed, street=street)
        said = notes.on_request(street, parsed, "ZIP")
        if key and key != row.city_key:
            said.append(self._other_city(row, key, parsed))
        form = normal_form(street, parsed.po_box, key or row.city_key, state, row.code)
        return self._zip_place(row, parsed, said, form)

    def _row(self, number: int, parsed: ParsedAddress) -> tuple[ZipRow, str]:
        if refusal := refusals.outside_the_states(mail_state(number), parsed):
            raise refusal
        row = self._table.by_zip(number)
        if row is None:
            raise refusals.unknown_zip(self._table, parsed)
        if row.state is None:
            raise refusals.without_position(row, parsed)
        return row, row.state

    def _other_city(self, row: ZipRow, key: str, parsed: ParsedAddress) -> str:
        """Say that the written city is not the ZIP's main one; without a state that must at least be plausible."""
        rows = self._table.by_city(key, row.state or "")
        point = city_point(rows)
        miles = point.miles_to(row) if point else None
        if parsed.state is None and (miles is None or miles > notes.NEAR_MILES):
            raise refusals.zip_and_city_disagree(row, parsed)
        return notes.on_other_city(row, rows[0].city if rows else key.title(), miles)

    def _in_city(self, state: str, parsed: ParsedAddress) -> Place:
        street, key = settle(self._table, parsed, state, None)
        rows = self._table.by_city(key, state)
        if not rows:
            raise refusals.unknown_city(self._table, parsed, parsed.city or "", state)
        if street and re.fullmatch("[0-9]{5}", street):  # "34952 Port St Lucie, FL": no street after all
            zip_first = replace(parsed, street=None, city=rows[0].city, zip5=street, estimated_split=False)
            return self._at_zip(int(street), zip_first)
        parsed = replace(parsed, street=street)
        said = notes.on_request(street, parsed, "city")
        form = normal_form(street, parsed.po_box, key, state, None)
        point = city_point(rows)
        if point is None:
            row = min(rows, key=_usefulness)
            return self._zip_place(row, parsed, [*said, notes.on_city(row, None)], form)
        said.append(notes.on_city(point.nearest, point))
        place = self._zip_place(point.nearest, parsed, said, form)
        return replace(
            place,
            lat=round(point.lat, 5),
            lon=round(point.lon, 5),
            precision="city_centroid",
            uncertainty_miles=round(point.uncertainty_miles, 2),
            alternatives=point.alternatives,
        )

    def _zip_place(self, row: ZipRow, parsed: ParsedAddress, said: list[str], form: str) -> Place:
        uncertainty = self._uncertainty(row)
        if row.lat is None or row.lon is None or uncertainty is None:
            raise refusals.without_position(row, parsed)
        return Place(
            lat=row.lat,
            lon=row.lon,
            zip=row.code,
            city=row.city,
            state=row.state or "",
            county=self._table.county_name(row.county_fips),
            county_fips=row.county_fips,
            area=row.area,
            data_zip=self._data_zip(row),
            precision="po_box_zip" if row.reach_miles is None or row.kind == "po_box" else "zip_centroid",
            uncertainty_miles=round(uncertainty, 2),
            alternatives=(),
            notes=(*said, *notes.on_zip(row)),
            normal_form=form,
            street=parsed.street,
        )

    def _uncertainty(self, row: ZipRow) -> float | None:
        if row.reach_miles is not None:
            return row.reach_miles
        host = self._table.by_zip(row.host_zip) if row.host_zip is not None else None
        if host is not None and row.host_miles is not None:
            return row.host_miles + (host.reach_miles or 0.0)
        return self._table.miles_to_cover(row)

    def _data_zip(self, row: ZipRow) -> int | None:
        if row.host_zip is not None:
            return row.host_zip
        return row.zip if self._table.has_values(row.zip) else None


@lru_cache(maxsize=1)
def shared_gazetteer() -> Gazetteer:
    """The gazetteer of this process over the embedded dataset."""
    return Gazetteer(shared_dataset())


def _names_city(parsed: ParsedAddress, row: ZipRow) -> bool:
    """Whether what was read as a state is the end of the city's name: "Washington 20001", "Fort Washington 19034"."""
    return city_key(f"{parsed.city or ''} {STATE_NAMES[parsed.state or '']}") == row.city_key


def _usefulness(row: ZipRow) -> tuple[bool, bool, bool, float, int]:
    """Order the ZIPs of a city without residents: a position first, then an area, a host, a near host."""
    return row.lat is None, row.reach_miles is None, row.host_zip is None, row.host_miles or 0.0, row.zip
