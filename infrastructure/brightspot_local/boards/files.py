"""Which files the dashboards are."""

from pathlib import Path

from brightspot_local.boards.declared import BOARDS
from brightspot_local.boards.grafana import dashboard
from brightspot_local.paths import ROOT


def files() -> dict[Path, str]:
    """Each generated file and what it has to say."""
    return {ROOT / "infrastructure" / "grafana" / f"{each.name}.json": dashboard(each) for each in BOARDS}
