"""E9004: every function logs to a group of ours, and every log group forgets."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding, Function
from lint.rule import Rule
from lint.template import LOG_GROUP


class LogGroups(Rule):
    id = "E9004"
    shortdesc = "Logs go to a group with retention"
    description = "Without a group of ours Lambda makes one that keeps everything, outlives the stack and is paid for."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for group in bundle.root.resources(LOG_GROUP):
            if "RetentionInDays" not in group.properties:
                yield Finding(group.where, f"{group.logical} keeps its logs for ever: write RetentionInDays")
        for function in bundle.functions:
            name = log_group(bundle, function)
            if bundle.named(LOG_GROUP, name) is None:
                message = (
                    f"{function.logical} logs to {name}, which no template makes: "
                    f"add an {LOG_GROUP} of that name with RetentionInDays to infrastructure/observability.yaml"
                )
                yield Finding(function.where, message)


def log_group(bundle: Bundle, function: Function) -> str:
    """The name of the group that a function logs to: its own choice, else Lambda's."""
    chosen = function.properties.get("LoggingConfig", {}).get("LogGroup")
    return f"/aws/lambda/{function.name}" if chosen is None else bundle.root.text(chosen)
