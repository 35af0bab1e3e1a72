"""A comparison as sections to read: the ranking, what parts the sites, and how firm the order is."""

from brightspot import locations
from brightspot_local.show import Line, Section, Table


def report(found: locations.Comparison) -> list[Section]:
    """Everything a person wants to see, in reading order."""
    return [
        Line(f"Asked           persona {found.persona}, radius {found.radius_miles:g} miles"),
        _ranking(found),
        _categories(found),
        *(_drivers(found, at) for at in range(len(found.drivers))),
        *_firmness(found),
        *_left_out(found),
    ]


def _ranking(found: locations.Comparison) -> Table:
    rows = [
        [
            str(each.rank),
            each.address,
            f"{each.location.city}, {each.location.state} {each.location.zip or ''}".strip(),
            f"{each.overall_score:.2f}",
            f"{each.to_first:+.2f}" if each.to_first else "-",
            f"{each.confidence:.2f}",
            "yes" if each.cached else "no",
        ]
        for each in found.ranked
    ]
    columns = ["rank", "address", "place", "score", "to first", "confidence", "cached"]
    return Table("Ranking", columns, rows, frozenset({"rank", "score", "to first", "confidence"}), "green")


def _categories(found: locations.Comparison) -> Table:
    """Scores by category, and how far each is from the best one."""
    names = [str(at) for at, _ in enumerate(found.ranked, 1)]
    rows = [
        [
            name,
            f"{weight:.3f}",
            *(_score(each.categories[name].score, each.categories[name].to_best) for each in found.ranked),
        ]
        for name, weight in found.weights.items()
    ]
    title = "Categories by place in the ranking, in brackets how far behind the best"
    return Table(title, ["category", "weight", *names], rows, frozenset({"weight", *names}))


def _score(score: float | None, to_best: float | None) -> str:
    if score is None:
        return "insufficient"
    return f"{score:.1f} ({to_best:+.1f})" if to_best else f"{score:.1f}"


def _drivers(found: locations.Comparison, at: int) -> Table:
    each, first = found.drivers[at], found.ranked[0]
    rows = [
        [
            point.point,
            point.category,
            f"{point.difference:+.2f}",
            *(
                "-" if side is None else locations.value_text(side.value, side.unit, side.bound)
                for side in (point.first, point.other)
            ),
        ]
        for point in each.points
    ]
    rows.append(["all others", "", f"{each.rest:+.2f}", "", ""])
    title = f"Why {first.address} is {each.difference:.2f} points ahead of {each.address}"
    columns = ["point", "category", "points", "first", "other"]
    return Table(title, columns, rows, frozenset({"points", "first", "other"}))


def _firmness(found: locations.Comparison) -> list[Section]:
    if len(found.ranked) < locations.LEAST_COMPARED:
        return []
    spans = [
        [name, _weight(span.lower), f"{found.weights[name]:.3f}", _weight(span.upper)]
        for name, span in found.sensitivity.categories.items()
    ]
    columns = ["category", "from", "weight now", "to"]
    title = "Between which weights the order holds, one category at a time (- : to the end)"
    numbers = frozenset({"from", "weight now", "to"})
    return [Table(title, columns, spans, numbers), *(_pair(each) for each in found.sensitivity.pairs)]


def _weight(weight: float | None) -> str:
    return "-" if weight is None else f"{weight:.3f}"


def _pair(pair: locations.PairSensitivity) -> Line:
    if pair.tied:
        return Line(f"Tied            {pair.first} and {pair.second}")
    if pair.smallest_change is None:
        return Line(f"Firm            no weights put {pair.second} before {pair.first}")
    one = "" if pair.nearest is None else f"; {pair.nearest.category} alone to {pair.nearest.weight:.3f}"
    return Line(
        f"Lead            {pair.lead:.2f} points of {pair.first} before {pair.second}: "
        f"gone when weights move by {pair.smallest_change.l1:.3f} in all{one}"
    )


def _left_out(found: locations.Comparison) -> list[Section]:
    rows = [
        *([each.address, "no score", each.reason] for each in found.unranked),
        *([each.address, "compared once", f"the same place as {each.same_as}"] for each in found.duplicates),
        *([each.address, each.error, each.reason] for each in found.errors),
    ]
    return [Table("Not in the ranking", ["address", "what", "why"], rows, style="red")] if rows else []
