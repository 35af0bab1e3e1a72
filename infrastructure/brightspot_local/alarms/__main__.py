"""`python -m brightspot_local.alarms`: write CloudWatch's alarms and Prometheus' rules anew, from the alert rules."""

from pathlib import Path
from typing import Final

from brightspot.operations.alerting.rules import RULES
from brightspot.operations.objectives import objectives
from brightspot_local.alarms import cloudwatch, prometheus
from brightspot_local.paths import ROOT

TEMPLATE: Final = ROOT / "infrastructure" / "observability.yaml"
RECORDING: Final = ROOT / "infrastructure" / "prometheus" / "recording.yaml"
ALERTS: Final = ROOT / "infrastructure" / "prometheus" / "alerts.yaml"


def written() -> dict[Path, str]:
    """Each file as it should stand, for what this environment promises."""
    promised = objectives()
    return {
        TEMPLATE: cloudwatch.filled(TEMPLATE.read_text(), RULES),
        RECORDING: prometheus.recording(promised.values()),
        ALERTS: prometheus.alerts(RULES, promised),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
