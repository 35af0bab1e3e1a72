"""E9016: an alarm tells somebody, and silence of a quiet metric is no alarm."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding
from lint.rule import Rule
from lint.template import ALARM


class Alarms(Rule):
    id = "E9016"
    shortdesc = "Alarms tell somebody and say what missing figures mean"
    description = "An alarm without an action is seen by whoever happens to look."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for alarm in bundle.root.resources(ALARM):
            if "AlarmActions" not in alarm.properties:
                yield Finding(alarm.where, f"{alarm.logical} tells nobody: write AlarmActions: [<the topic's ARN>]")
            if "TreatMissingData" not in alarm.properties:
                message = f"{alarm.logical} does not say what silence means: write TreatMissingData: notBreaching"
                yield Finding(alarm.where, message)
