"""`python -m brightspot_local.alert_rules`: renew the table of docs/alerts.md from the rules."""

from brightspot import operations
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "alerts.md"
_BEGIN, _END = "<!-- rules -->", "<!-- /rules -->"


def filled(text: str) -> str:
    """The page with the table between its markers renewed. Raises ValueError for a page without them."""
    before, begins, rest = text.partition(_BEGIN)
    _, ends, after = rest.partition(_END)
    if not begins or not ends:
        raise ValueError("the page has no place for the table of rules")
    return f"{before}{_BEGIN}\n{_table()}\n{_END}{after}"


def _table() -> str:
    rows = [
        [f"`{each.name}`", each.severity, each.condition, each.summary, each.advice]
        for each in operations.declared_rules()
    ]
    head = ["rule", "severity", "fires when", "means", "what to do first"]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
