"""`python -m brightspot_local.goldens`: renew the golden scores of twelve ZIPs and the tables of docs/method.md.

Run it after a deliberate change of data, points or weights, and read the diff: it is the change.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from brightspot import locations
from brightspot.locations.dataset.points import POINTS
from brightspot_local import world_check
from brightspot_local.paths import ROOT

GOLDENS = ROOT / "tests" / "integration" / "locations" / "goldens.json"
METHOD = ROOT / "docs" / "method.md"
WORKED = "Rochester, MN 55901"
# Cities and country, rich and poor, capped values, an Alaskan island, Hawaii, Puerto Rico, Connecticut's new counties.
ZIPS = (
    "55901", "55101", "55802", "10001", "60629", "90011", "99553", "96813", "00926", "06103", "94027", "38751",
)  # fmt: skip


def golden(zip_code: str) -> dict[str, Any]:
    """What must not change unnoticed about one ZIP's analysis."""
    found = locations.service().analyze(locations.AnalyzeRequest(zip_code))
    return {
        "overall_score": found.overall_score,
        "confidence": found.confidence,
        "data_points_collected": found.data_points_collected,
        "categories": {
            name: {"score": each.score, "status": each.status, "weight": round(each.weight, 9)}
            for name, each in found.categories.items()
        },
    }


def tables() -> dict[str, str]:
    """The generated parts of docs/method.md by the name of their marker."""
    return {
        "personas": _personas(),
        "points": _points(),
        "worked": _worked(),
        "world": world_check.table(locations.shared_dataset()),
    }


def filled(text: str) -> str:
    """The page with each generated part between its markers renewed."""
    for name, table in tables().items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = block.sub(_between(table), text)
    return text


def _between(table: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found[1]}{table}\n{found[2]}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _personas() -> str:
    rows = [
        [f"`{each.name}`", *(f"{each.weights[name]:.2f}" for name in locations.CATEGORIES), each.explanation]
        for each in locations.PERSONAS.values()
    ]
    return _table(["persona", *locations.CATEGORIES, "why"], rows)


def _points() -> str:
    fields = locations.shared_dataset().fields
    rows = [
        [
            point.category,
            point.collector,
            f"`{point.name}`",
            "gap" if point.gap else f"{fields[point.name].unit}, {fields[point.name].level}",
            point.direction.replace("_is_better", " is better").replace("context", "context only"),
            f"{point.weight:g}" + (" (proxy)" if point.proxy else ""),
        ]
        for name in locations.CATEGORIES
        for point in POINTS
        if point.category == name
    ]
    return _table(["category", "collector", "point", "unit, level", "direction", "weight"], rows)


def _worked() -> str:
    found = locations.service().analyze(locations.AnalyzeRequest(WORKED))
    parts = [_worked_category(name, each) for name, each in found.categories.items()]
    terms = " + ".join(
        f"{each.weight:g} · {each.score:.4f}" for each in found.categories.values() if each.score is not None
    )
    return "\n\n".join([*parts, f"Overall: {terms} = **{found.overall_score:.4f}**"])


def _worked_category(name: str, result: Any) -> str:
    counted = [
        (point, result.points[point.name])
        for point in POINTS
        if point.category == name
        and point.name in result.points
        and point.direction != "context"
        and result.points[point.name].percentile is not None
    ]
    rows, weights, sums = [], 0.0, 0.0
    for point, seen in counted:
        goodness = seen.percentile if point.direction == "higher_is_better" else 100 - seen.percentile
        weights += point.weight
        sums += point.weight * goodness
        numbers = [f"{seen.percentile:.2f}", f"{goodness:.2f}", f"{point.weight:g}", f"{point.weight * goodness:.3f}"]
        rows.append([f"`{point.name}`", f"{seen.value:,.6g} {seen.unit}", *numbers])
    table = _table([name, "value", "P", "g", "w", "w · g"], rows)
    return f"{table}\n\n{name}: {sums:.3f} / {weights:g} = **{sums / weights:.4f}** ({result.status})"


def main() -> int:
    """Write both files."""
    GOLDENS.write_text(json.dumps({zip_code: golden(zip_code) for zip_code in ZIPS}, indent=1) + "\n")
    METHOD.write_text(filled(METHOD.read_text()))
    print(f"wrote {GOLDENS.relative_to(ROOT)} and the tables of {METHOD.relative_to(ROOT)}; read the diff")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
