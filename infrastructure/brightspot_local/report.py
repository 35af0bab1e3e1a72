"""An analysis as sections to read: the score, why it is so, and what is not known."""

from brightspot import locations
from brightspot_local.show import Line, Section, Table

_STRONGEST = 6
_GOOD, _FAIR = 60.0, 40.0


def report(analysis: locations.Analysis) -> list[Section]:
    """Everything a person wants to see first, in reading order."""
    return [*_headline(analysis), _categories(analysis), *_strongest(analysis), *_unknown(analysis), _sources(analysis)]


def _headline(analysis: locations.Analysis) -> list[Section]:
    place = analysis.location
    where = f"{place.city}, {place.state} {place.zip or ''}".strip()
    county = f" ({place.county})" if place.county else ""
    score = analysis.overall_score
    shown = "no score: too little is known" if score is None else f"{score:.1f} of 100"
    age = f", cached {analysis.cache_age_seconds:.0f} s ago" if analysis.cache_age_seconds is not None else ""
    lines: list[Section] = [
        Line(f"{where}{county}", "bold"),
        Line(f"Overall score   {shown}", f"bold {_colour(score)}"),
        Line(f"Confidence      {analysis.confidence:.2f} of 1"),
        Line(f"Asked           persona {analysis.persona}, radius {analysis.radius_miles:g} miles"),
        Line(
            f"Located         {place.lat:.4f}, {place.lon:.4f}: {locations.PRECISIONS[place.precision]}, "
            f"within about {place.uncertainty_miles:.1f} miles"
        ),
        Line(
            f"Data points     {analysis.data_points_collected} collected, {len(analysis.missing)} missing, "
            f"{analysis.performance.total_ms:.1f} ms{age}"
        ),
    ]
    lines += [Line(f"Note            {note}", "italic") for note in place.notes]
    if place.alternatives:
        others = ", ".join(f"{each.zip} ({each.miles:.1f} mi)" for each in place.alternatives)
        lines.append(Line(f"Also possible   {others}"))
    return lines


def _colour(score: float | None) -> str:
    if score is None:
        return ""
    return "green" if score >= _GOOD else "yellow" if score >= _FAIR else "red"


def _categories(analysis: locations.Analysis) -> Table:
    rows = [
        [
            name,
            "-" if result.score is None else f"{result.score:.1f}",
            f"{result.weight:.3f}",
            result.status,
            f"{result.confidence:.2f}",
        ]
        for name, result in analysis.categories.items()
    ]
    return Table(
        "Categories",
        ["category", "score", "weight", "status", "confidence"],
        rows,
        frozenset({"score", "weight", "confidence"}),
    )


def _strongest(analysis: locations.Analysis) -> list[Section]:
    found = locations.drivers(analysis)
    up = [driver for driver in found if driver.lift > 0][:_STRONGEST]
    down = [driver for driver in reversed(found) if driver.lift < 0][:_STRONGEST]
    return [
        _drivers("What lifts it, against the median US ZIP", up, "green"),
        _drivers("What drags it down", down, "red"),
    ]


def _drivers(title: str, chosen: list[locations.Driver], style: str) -> Table:
    rows = [
        [
            each.name,
            locations.value_text(each.point.value, each.point.unit, each.point.bound),
            "-" if each.point.percentile is None else f"{each.point.percentile:.0f}",
            f"{each.point.contribution:.2f}",
            f"{each.lift:+.2f}",
            f"{each.point.level}, {each.point.kind}",
        ]
        for each in chosen
    ]
    columns = ["point", "value", "percentile", "contribution", "lift", "level"]
    return Table(title, columns, rows, frozenset({"value", "percentile", "contribution", "lift"}), style)


def _unknown(analysis: locations.Analysis) -> list[Section]:
    rows = [[each.category, each.point, each.reason] for each in analysis.missing]
    return [Table("Missing, and why", ["category", "point", "reason"], rows)] if rows else []


def _sources(analysis: locations.Analysis) -> Table:
    rows = [[each.name, each.vintage, each.licence] for each in analysis.sources]
    return Table("Sources", ["source", "vintage", "licence"], rows)
