"""The sentences of a report."""

from typing import Final

from brightspot.locations.analysis import Analysis
from brightspot.locations.report.words import PRECISIONS, percent_text, title_of

CATEGORIES: Final = (
    "Each category is the weighted mean of its points' percentiles among all US ZIPs, turned so that 100 is the best. "
    "A hatched bar is a proxy: it stands in for what no source measures. The dashed line is the median ZIP. Weight is "
    "the weight in effect: that of a category without a score goes to the others."
)
LIFTS: Final = (
    "By how many score points each data point moves the overall score away from 50, which a site gets that is the "
    "median ZIP in everything. Solid bars lift, hatched bars drag. All of them add up to the score less 50."
)
STRIPS: Final = (
    "One tick for each scored point. The percentile of a point that is better when it is low is turned round, so the "
    "right end is always the better one."
)
POINTS: Final = (
    "The percentile is the share of US ZIPs below the value, as it is, not turned round. The contributions of all "
    "points add up to the overall score. Numbers under Source lead to the list of sources."
)
NO_ADVICE: Final = (
    "A score is no appraisal, no licence and no advice on an investment. Values are public data as of their vintage; "
    "the publishers named above neither made nor endorse this report."
)
_BUILDING: Final = (
    "A score compares neighbourhoods; it does not choose a building. It knows nothing of rents, leases, parking, the "
    "state of a house, or whether a licence would be granted."
)
_RANKS: Final = (
    "A percentile says how a value ranks among US ZIPs, not whether it is good enough. Values marked as estimated or "
    "derived were worked out, not counted; vintages differ from source to source."
)
_CONFIDENCE: Final = (
    "of 1 says how much of what a decision needs was known, how near to the site it was measured, and how precisely "
    "the site is located. It is no probability that the score is right."
)
_MOST_NAMED: Final = 12
_SHARED: Final = "Figures of a ZIP, a county, a labour market or a state are the same for every address in it."


def summary(analysis: Analysis) -> str:
    """The strongest and the weakest category in a sentence or two."""
    scored = {name: each.score for name, each in analysis.categories.items() if each.score is not None}
    unscored = [title_of(name) for name, each in analysis.categories.items() if each.score is None]
    told = []
    if len(scored) > 1:
        best, worst = max(scored, key=lambda name: scored[name]), min(scored, key=lambda name: scored[name])
        told.append(f"Strongest category: {title_of(best)} ({scored[best]:.1f}).")
        told.append(f"Weakest: {title_of(worst)} ({scored[worst]:.1f}).")
    if unscored:
        told.append(f"Without a score, since too little is known: {', '.join(unscored)}.")
    return " ".join(told)


def weights(analysis: Analysis) -> str:
    """The weight in effect of each category."""
    if analysis.overall_score is None:
        return "none in effect, since there is no overall score"
    return ", ".join(f"{title_of(name)} {percent_text(each.weight)}" for name, each in analysis.categories.items())


def located(analysis: Analysis) -> str:
    """The point, what it is and how far off it may be."""
    place = analysis.location
    return f"{place.lat:.4f}, {place.lon:.4f}: {_point(analysis)}, within about {place.uncertainty_miles:.1f} miles"


def limits(analysis: Analysis) -> list[str]:
    """What the reader must find out elsewhere, for this analysis."""
    off = analysis.location.uncertainty_miles
    gaps = [title_of(each.point) for each in analysis.missing]
    named = ", ".join(gaps) if len(gaps) <= _MOST_NAMED else f"{len(gaps)} points, which the next table lists"
    return [
        _BUILDING,
        f"The site is taken to be {_point(analysis)}, which may be {off:.1f} miles off. {_SHARED}",
        _RANKS,
        f"Confidence {analysis.confidence:.2f} {_CONFIDENCE}",
        *([f"Find out by other means what is missing here: {named}."] if gaps else []),
    ]


def _point(analysis: Analysis) -> str:
    return PRECISIONS.get(analysis.location.precision, analysis.location.precision)
