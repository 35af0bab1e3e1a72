"""The sentences that tell people how a place was chosen and what to mind."""

from brightspot.locations.addresses.parser import ParsedAddress
from brightspot.locations.gazetteer.city import CityPoint
from brightspot.locations.gazetteer.rows import ZipRow

STREET_UNKNOWN = "Street positions are not in the embedded data:"
NEAR_MILES = 25.0  # a ZIP may serve a town this far from its centroid without anybody wondering


def on_request(street: str | None, parsed: ParsedAddress, whole: str) -> list[str]:
    """Say what a street or a PO box comes to; `whole` is "ZIP" or "city"."""
    notes = []
    if street:
        notes.append(f"{STREET_UNKNOWN} the middle of the {whole} stands for the street address.")
    if parsed.po_box:
        notes.append(f"A PO box is not a site: the place is that of its {whole}.")
    return notes


def on_other_city(row: ZipRow, written: str, miles: float | None) -> str:
    """Say that the written city is not the ZIP's main one, and how far away it is when that is odd."""
    note = (
        f"The main city of {row.code} is {row.city}, you wrote {written}: ZIPs serve several towns, so the ZIP counts."
    )
    odd = miles is not None and miles > NEAR_MILES
    return f"{note} {written} is {miles:.0f} miles away: check the ZIP." if odd else note


def on_city(row: ZipRow, point: CityPoint | None) -> str:
    """Say how `row` came to stand for its city, whose `point` is None when no residents are known in it."""
    name = f"{row.city}, {row.state}"
    if point is None:
        return f"The data have no residents for {name}: the place is that of its ZIP {row.code}."
    if point.populated == 1:
        return f"{name} has one populated ZIP, {row.code}."
    many = f"{name} has {point.populated} populated ZIPs; {row.code} is the one nearest to their middle."
    return f"{many} Send a ZIP to choose another."


def on_zip(row: ZipRow) -> list[str]:
    """Say what the ZIP lacks and whose figures stand in."""
    lacks = "area" if row.reach_miles is None else "residents"
    if row.host_zip is not None:
        away = f"{row.host_zip:05d}, {row.host_miles or 0.0:.1f} miles away"
        return [f"{row.code} has no {lacks} of its own: ZIP figures are those of {away}."]
    if row.reach_miles is None:
        return [f"{row.code} has no area of its own, and no ZIP with residents is near enough to lend its figures."]
    return [f"No residents are counted in {row.code}: figures about people are missing."] if not row.population else []
