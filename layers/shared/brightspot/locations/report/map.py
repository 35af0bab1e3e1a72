"""The map: the site in its state, and its neighbourhood with the asked radius, both true to scale."""

from collections.abc import Sequence
from math import cos, radians
from typing import Final, NamedTuple

from brightspot.locations.analysis import Analysis, Location
from brightspot.locations.report.extent import extent_of
from brightspot.locations.report.panel import UNITS, Box, Dot, Panel
from brightspot.locations.report.projection import Projection, centre_of
from brightspot.locations.report.shapes import CREDIT, VINTAGE, County, Point, StateShape, state_shape, states_within
from brightspot.locations.report.words import radius_text
from brightspot.pages import Markup, element, figure, joined

_WIDTH: Final = 680
_HEIGHT: Final = 300
_GAP: Final = 16
_TOP: Final = 22
_MARGIN: Final = 12
_FOOT: Final = 34  # the scale bar stands below the state
_LEAST_VIEW_MILES: Final = 15.0
_VIEW_RADII: Final = 2.0
_LETTER: Final = 60  # about the width of one, in units of a panel
_MILES_A_DEGREE: Final = 69.0  # of latitude; only to choose which states are read


class Home(NamedTuple):
    """The county that is shaded, and whether it is the one whose figures the analysis uses."""

    county: County | None
    is_named: bool


def map_of(analysis: Analysis) -> Markup:
    """The figure with its caption. Raises DatasetUnavailable when the shapes cannot be read."""
    place = analysis.location
    shape = state_shape(place.state)
    home = home_of(shape, place)
    width = (_WIDTH - _GAP) // 2
    near = _near_panel(analysis, width if shape else _WIDTH)
    panels = [_titled(0, shape.name, _state_panel(shape, home, place, width))] if shape else []
    name = f"{2 * _reach(analysis):.0f} miles across"
    panels.append(_titled(width + _GAP if shape else 0, f"Neighbourhood, {name}", _near(near, analysis, home)))
    drawing = figure("map", "Where the site is", _description(analysis, shape, home), _WIDTH, _TOP + _HEIGHT, *panels)
    return element("figure", drawing, element("figcaption", _caption(analysis, shape, home)))


def home_of(shape: StateShape | None, place: Location) -> Home:
    """The county of 2017 of the same name, else the one that holds the point, else none."""
    counties = shape.counties if shape else ()
    named = [each for each in counties if each.name is not None and each.name == place.county]
    if named:
        return Home(named[0], is_named=True)
    return Home(next((each for each in counties if each.holds(place.lat, place.lon)), None), is_named=False)


def _state_panel(shape: StateShape, home: Home, place: Location, width: int) -> "_Drawn":
    projection = Projection(*centre_of([point for line in shape.lines for point in line.points]))
    west, south, east, north = extent_of(shape, projection, (place.lat, place.lon))
    scale = max((east - west) / (width - 2 * _MARGIN), (north - south) / (_HEIGHT - _MARGIN - _FOOT))
    middle = ((west + east) / 2, (south + north) / 2 - scale * (_FOOT - _MARGIN) / 2)
    panel = Panel(projection, middle, scale, width, _HEIGHT)
    return _Drawn(panel, joined(_shaded(panel, home), _lines(panel, [shape]), _site(panel, place, 35)))


def _near_panel(analysis: Analysis, width: int) -> Panel:
    place = analysis.location
    return Panel(
        Projection(place.lat, place.lon), (0.0, 0.0), 2 * _reach(analysis) / min(width, _HEIGHT), width, _HEIGHT
    )


def _near(panel: Panel, analysis: Analysis, home: Home) -> "_Drawn":
    place, (x, y) = analysis.location, panel.at(analysis.location.lat, analysis.location.lon)
    shapes = _neighbours(place, panel.miles_a_pixel * panel.width)
    radius, doubt = panel.length(analysis.radius_miles), panel.length(place.uncertainty_miles)
    return _Drawn(
        panel,
        joined(
            _shaded(panel, home),
            _lines(panel, shapes),
            element("circle", cx=x, cy=y, r=radius, class_="radius"),
            element("circle", cx=x, cy=y, r=doubt, class_="doubt") if doubt > UNITS else "",
            _names(panel, shapes, place),
            _site(panel, place, 45),
        ),
    )


class _Drawn(NamedTuple):
    panel: Panel
    content: Markup


def _titled(x: int, title: str, drawn: _Drawn) -> Markup:
    return joined(element("text", title, x=x, y=_TOP - 8, class_="caption"), drawn.panel.drawn(x, _TOP, drawn.content))


def _reach(analysis: Analysis) -> float:
    """Miles from the site to the edge of the neighbourhood's panel."""
    return max(_LEAST_VIEW_MILES, _VIEW_RADII * analysis.radius_miles, 1.2 * analysis.location.uncertainty_miles)


def _neighbours(place: Location, miles: float) -> list[StateShape]:
    up = miles / _MILES_A_DEGREE
    aside = up / max(0.05, cos(radians(place.lat)))
    return states_within(place.lon - aside, place.lat - up, place.lon + aside, place.lat + up)


def _shaded(panel: Panel, home: Home) -> Markup:
    return element("path", d=panel.paths(home.county.rings, closed=True), class_="home") if home.county else joined()


def _lines(panel: Panel, shapes: Sequence[StateShape]) -> Markup:
    """Inner lines thin, borders of states thick; what two states share is drawn once."""
    told: list[Markup] = []
    for is_border, name in ((False, "county"), (True, "border")):
        lines: dict[tuple[Point, ...], None] = {
            line.points: None for shape in shapes for line in shape.lines if line.is_border is is_border
        }
        told.append(element("path", d=panel.paths(lines), class_=name))
    return joined(*told)


def _names(panel: Panel, shapes: Sequence[StateShape], place: Location) -> Markup:
    """Names of counties that have room: inside the panel, off the site, and off one another."""
    taken = [_box(panel.at(place.lat, place.lon), ""), *panel.furniture]
    told = []
    for county in (county for shape in shapes for county in shape.counties):
        lat, lon = centre_of(county.largest)
        dot = panel.at(lat, lon)
        box = _box(dot, county.short_name)
        if panel.holds(box) and not any(_overlap(box, each) for each in taken):
            taken.append(box)
            told.append(element("text", county.short_name, x=dot[0], y=dot[1], class_="name middle"))
    return joined(*told)


def _box(dot: Dot, name: str) -> Box:
    """What a name in the middle of `dot` covers, and a dot without one."""
    aside = _LETTER * len(name) // 2 + _LETTER
    return dot[0] - aside, dot[1] - 2 * _LETTER, dot[0] + aside, dot[1] + _LETTER


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _site(panel: Panel, place: Location, size: int) -> Markup:
    x, y = panel.at(place.lat, place.lon)
    halo = element("circle", cx=x, cy=y, r=size + 20, class_="site-halo")
    return joined(halo, element("circle", cx=x, cy=y, r=size, class_="site"))


def _description(analysis: Analysis, shape: StateShape | None, home: Home) -> str:
    place = analysis.location
    state = f"Left: {shape.name} with its county lines of {VINTAGE} and a dot at the site. " if shape else ""
    county = f"{home.county.name or home.county.short_name} is shaded. " if home.county else "No county is shaded. "
    return (
        f"{state}{county}{'Right: the' if shape else 'The'} site at latitude {place.lat:.4f}, longitude "
        f"{place.lon:.4f}, with a circle of {radius_text(analysis)} round it and a dashed one of "
        f"{place.uncertainty_miles:.1f} miles, within which the point may be off. North is up."
    )


def _caption(analysis: Analysis, shape: StateShape | None, home: Home) -> str:
    place = analysis.location
    return (
        f"Solid circle: the asked radius of {radius_text(analysis)}, true to scale. Dashed circle: how far the point "
        f"may be off, {place.uncertainty_miles:.1f} miles. {_shading(place, shape, home)} Azimuthal equidistant "
        f"projection; lines are generalised (1 : 10 million). {CREDIT}"
    )


def _shading(place: Location, shape: StateShape | None, home: Home) -> str:
    lines = f"County lines of {VINTAGE}"
    if shape is None:
        return f"{lines}; the atlas has none of {place.state}."
    if home.county is None:
        return f"{lines}; none of those counties holds the point, so none is shaded."
    if home.is_named:
        return f"{lines}; shaded: {home.county.name}."
    figures = f" The figures are of {place.county}, which has no line in {VINTAGE}." if place.county else ""
    return f"{lines}; shaded: {home.county.short_name}, the county of then that holds the point.{figures}"
