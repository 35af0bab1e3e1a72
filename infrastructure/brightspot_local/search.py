"""`brightspot search`: the best ZIPs of an area, answered for eyes or programs."""

import argparse
import sys

from brightspot import locations
from brightspot.core.errors import BrightspotError
from brightspot_local import show
from brightspot_local.asking import refused, weights_in


def search(asked: argparse.Namespace) -> int:
    """Print the ZIPs; a refused request prints its reason on stderr and returns 2."""
    try:
        request = locations.SearchRequest(
            state=asked.state,
            county=asked.county,
            near=None if asked.near is None else locations.Near(asked.near, asked.miles),
            persona=asked.persona or locations.DEFAULT_PERSONA,
            weights=weights_in(asked.weight),
            limit=locations.DEFAULT_FOUND if asked.limit is None else asked.limit,
            filters=dict(map(_filter, asked.filter)),
            cursor=asked.cursor,
        )
        found = locations.search_zips(request)
    except BrightspotError as error:
        return refused(error)
    if asked.json:
        sys.stdout.buffer.write(locations.encode(found) + b"\n")
    else:
        show.sections(_sections(found), sys.stdout)
    return 0


def _filter(given: str) -> tuple[str, locations.ValueRange]:
    """NAME=MIN:MAX. Raises RequestRefused."""
    name, _, text = given.partition("=")
    least, colon, most = text.partition(":")
    try:
        ends = [float(end) if end.strip() else None for end in (least, most)]
    except ValueError as error:
        raise locations.RequestRefused("filters", f"{given!r}: send NAME=MIN:MAX") from error
    if not colon:
        raise locations.RequestRefused("filters", f"{given!r}: send NAME=MIN:MAX")
    return name.strip(), locations.ValueRange(*ends)


def _sections(found: locations.SearchResults) -> list[show.Section]:
    within = "" if found.area.miles is None else f" within {found.area.miles:g} miles"
    skipped = found.skipped
    lines: list[show.Section] = [
        show.Line(f"Best ZIPs of {found.area.name}{within} for {found.persona}", "bold"),
        show.Line(
            f"{found.matched:,} ZIPs match; left out: {skipped.without_residents:,} without residents, "
            f"{skipped.without_score:,} without a score, {skipped.without_value:,} without a value to filter by"
        ),
        _table(found),
    ]
    if found.next_cursor is not None:
        lines.append(show.Line(f"More            --cursor {found.next_cursor}"))
    return lines


def _table(found: locations.SearchResults) -> show.Table:
    points = list(found.results[0].values) if found.results else []
    near = found.area.miles is not None
    rows = [
        [
            str(each.rank),
            each.zip,
            f"{each.city}, {each.state}",
            each.county or "-",
            f"{each.overall_score:.2f}",
            f"{each.confidence:.2f}",
            *("-" if one.score is None else f"{one.score:.0f}" for one in each.categories.values()),
            *(locations.value_text(each.values[name].value, each.values[name].unit, None) for name in points),
            *([f"{each.miles:.1f}"] if near and each.miles is not None else []),
        ]
        for each in found.results
    ]
    numbers = ["rank", "score", "confidence", *locations.CATEGORIES, *points, *(["miles"] if near else [])]
    columns = ["rank", "zip", "place", "county", *numbers[1:]]
    return show.Table("Scores, overall and by category", columns, rows, frozenset(numbers))
