"""The report as one self-contained page to print: no script, no request, its own style only."""

from functools import cache
from pathlib import Path

from brightspot.locations.analysis import Analysis
from brightspot.locations.personas import PERSONAS
from brightspot.locations.report import prose
from brightspot.locations.report.charts import category_chart, lift_chart, score_chart
from brightspot.locations.report.map import map_of
from brightspot.locations.report.strips import strips
from brightspot.locations.report.tables import missing_table, point_tables, source_table
from brightspot.locations.report.words import moment_text, place_text, radius_text
from brightspot.pages import Markup, document, element, hatching, joined, style_policy


def page_of(analysis: Analysis) -> bytes:
    """The whole page in UTF-8, well-formed as XML too. Raises DatasetUnavailable without the shapes of the map."""
    title = f"{analysis.address} | Brightspot site report"
    return document(title, _style(), hatching(), _opening(analysis), *_sections(analysis), _closing(analysis))


@cache
def security_policy() -> str:
    """The Content-Security-Policy that the page is served with: its own style, and nothing from anywhere."""
    return style_policy(_style())


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def _opening(analysis: Analysis) -> Markup:
    score = analysis.overall_score
    persona = PERSONAS.get(analysis.persona)
    facts = (
        ("Asked", f"persona {analysis.persona}, radius {radius_text(analysis)}"),
        ("Weights", prose.weights(analysis)),
        ("Confidence", f"{analysis.confidence:.2f} of 1"),
        ("Located", prose.located(analysis)),
        ("Data points", f"{analysis.data_points_collected} collected, {len(analysis.missing)} missing"),
        ("Made", moment_text(analysis.created_at)),
    )  # fmt: skip
    headline = "" if score is None else element(
        "p", element("span", f"{score:.1f}", class_="big"), element("span", "of 100, the overall score"), class_="head"
    )  # fmt: skip
    return element(
        "header",
        element("p", "Brightspot · site report for a child-care centre", class_="kicker"),
        element("h1", analysis.address),
        element("p", place_text(analysis.location), class_="place"),
        headline,
        score_chart(analysis),
        element("p", prose.summary(analysis)),
        element("dl", *(joined(element("dt", name), element("dd", told)) for name, told in facts)),
        element("p", f"{persona.name.capitalize()}: {persona.explanation}") if persona else "",
    )


def _sections(analysis: Analysis) -> list[Markup]:
    place = analysis.location
    notes = [element("p", note) for note in place.notes]
    return [
        _section("Where it is", map_of(analysis), *notes, _alternatives(analysis)),
        _section("What makes the score", element("p", prose.CATEGORIES), category_chart(analysis)),
        _section("What lifts it and what drags it down", element("p", prose.LIFTS), lift_chart(analysis)),
        _section("How it stands among all US ZIPs", element("p", prose.STRIPS), strips(analysis)),
        _section("What a score cannot know", *(element("p", each) for each in prose.limits(analysis))),
        _section("What is missing, and why", missing_table(analysis)),
        _section("Every data point", element("p", prose.POINTS), point_tables(analysis)),
        _section("Sources and licences", source_table(analysis)),
    ]


def _alternatives(analysis: Analysis) -> Markup:
    others = ", ".join(f"{each.zip} ({each.miles:.1f} miles)" for each in analysis.location.alternatives)
    return element("p", f"The address may also have meant: {others}.") if others else joined()


def _section(title: str, *content: str) -> Markup:
    return element("section", element("h2", title), *content)


def _closing(analysis: Analysis) -> Markup:
    model = analysis.model
    return element(
        "footer",
        element(
            "p",
            f"Analysis {analysis.id}, made {analysis.created_at}. "
            f"Method {model.id} {model.version}, variant {model.variant}.",
        ),
        element("p", prose.NO_ADVICE),
    )
