"""Which files the dashboards are."""

from pathlib import Path

from brightspot_local.boards import cloudwatch, grafana
from brightspot_local.boards.boards import CLOUDWATCH, GRAFANA
from brightspot_local.paths import ROOT

_HERE = ROOT / "infrastructure"


def files() -> dict[Path, str]:
    """Each generated file and what it has to say."""
    return {
        **{_HERE / "grafana" / f"{each.name}.json": grafana.dashboard(each) for each in GRAFANA},
        **{_HERE / "dashboards" / f"{each.name}.json": cloudwatch.body(each) for each in CLOUDWATCH},
        _HERE / "dashboards.yaml": cloudwatch.stack(CLOUDWATCH),
    }
