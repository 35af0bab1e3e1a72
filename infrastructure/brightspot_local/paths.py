"""Where things are in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"
LAYER = ROOT / "layers" / "shared"
TEMPLATE = ROOT / "template.yaml"
EVENTS = ROOT / "events"
