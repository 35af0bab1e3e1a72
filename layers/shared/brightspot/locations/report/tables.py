"""The tables of a report: every point, what is missing, and the sources."""

from collections.abc import Sequence

from brightspot.locations.analysis import Analysis, PointResult
from brightspot.locations.report.strips import small_strip
from brightspot.locations.report.words import direction_text, percent_text, point_value, score_text, title_of
from brightspot.pages import Markup, element, joined

_POINT_HEADS = ("Point", "Value", "Percentile", "", "Better", "Contribution", "Level, kind", "Source", "Vintage")
_SHORT = 12  # so many rows are not parted over two pages
_NUMBERS = {"Value", "Percentile", "Contribution"}


def point_tables(analysis: Analysis) -> Markup:
    """One table for each category; a source is told by its number in the list of sources."""
    numbers = {(source.name, source.vintage): number for number, source in enumerate(analysis.sources, 1)}
    tables = []
    for name, category in analysis.categories.items():
        summed = sum(each.contribution for each in category.points.values())
        caption = (
            f"{title_of(name)}: score {score_text(category.score)}, weight {percent_text(category.weight)}, "
            f"contributes {summed:.2f} points"
        )
        rows = [_point_row(each, point, numbers) for each, point in category.points.items()]
        kind = "points short" if len(rows) <= _SHORT else "points"
        tables.append(_table(caption, _POINT_HEADS, rows, kind))
    return joined(*tables)


def missing_table(analysis: Analysis) -> Markup:
    """What nobody could give, and why."""
    if not analysis.missing:
        return element("p", "Nothing is missing.")
    rows = [_row(title_of(each.category), title_of(each.point), each.reason) for each in analysis.missing]
    return _table("", ("Category", "Point", "Why it is missing"), rows, "missing")


def source_table(analysis: Analysis) -> Markup:
    """The sources behind the values, numbered, with the credit that each licence asks for."""
    heads = ("No.", "Source", "Vintage", "Licence", "Credit")
    rows = [
        _row(element("span", str(number), id=f"source-{number}"), each.name, each.vintage, each.licence, each.credit)
        for number, each in enumerate(analysis.sources, 1)
    ]
    return _table("", heads, rows, "sources")


def _point_row(name: str, point: PointResult, numbers: dict[tuple[str, str], int]) -> Markup:
    number = numbers.get((point.source, point.vintage))
    source = point.source if number is None else element("a", str(number), href=f"#source-{number}", title=point.source)
    return element(
        "tr",
        element("th", title_of(name), scope="row"),
        element("td", point_value(point), class_="number"),
        element("td", score_text(point.percentile), class_="number"),
        element("td", small_strip(point)),
        element("td", direction_text(point.direction)),
        element("td", f"{point.contribution:.2f}", class_="number"),
        element("td", f"{point.level}, {point.kind}"),
        element("td", source),
        element("td", point.vintage),
    )


def _table(caption: str, heads: Sequence[str], rows: Sequence[Markup], kind: str) -> Markup:
    head = element(
        "tr",
        *(element("th", each, scope="col", class_="number" if each in _NUMBERS else None) for each in heads),
    )
    return element(
        "table",
        element("caption", caption) if caption else "",
        element("thead", head),
        element("tbody", *rows),
        class_=kind,
    )


def _row(*cells: str) -> Markup:
    return element("tr", *(element("td", each) for each in cells))
