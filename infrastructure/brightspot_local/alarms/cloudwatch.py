"""CloudWatch's alarms of the whole stack, as text for infrastructure/observability.yaml.

It watches no error budget: requests are not told to it by route and status, since each such pair would be paid for. Of
API Gateway's own count of 5xx, `ApiErrorsAlarm` in template.yaml tells when there are any in two of three minutes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from brightspot.operations.alerting.rule import Burn, DeadLetters, Rule, Share, Threshold
from brightspot.telemetry import NAMESPACE, Counter, Metric

BEGIN: Final = "  # <alarms> made by `make alarms` from brightspot/operations/alerting/rules.py\n"
END: Final = "  # </alarms>\n"
_MINUTE: Final = 60
_OPERATORS: Final = {"above": "GreaterThanThreshold", "below": "LessThanThreshold"}
_UNSEEN: Final = {"fault": "breaching", "fine": "notBreaching"}
_BANNER: Final = f"  # {'=' * 100}"
_HEADINGS: Final = {
    "not-healthy": "How well it is: the health-probe's figures, each minute",
    "database-errors": "How well it works: the requests' own figures",
    "batch-dead-letters": "Dead letters: one alarm per queue of them",
}
_NOTES: Final = {
    "security-score": (
        "Each minute's reading; of a look at it besides, too. "
        "While nobody can say, none is told: then the cache's alarm is on."
    ),
    "cache-hit-rate": "Of fewer than 20 questions in five minutes a rate says nothing. MiniStack has no metric math.",
}
_ONLY: Final = {"cache": "analysis"}  # the one value that there is of a label: CloudWatch adds nothing up over them


def filled(template: str, rules: Iterable[Rule]) -> str:
    """A template with the alarms between its marks renewed. Raises ValueError without the marks."""
    before, begin, rest = template.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the template has no place for alarms")
    return before + BEGIN + "\n".join(_blocks(rules)) + END + after


def _blocks(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule.condition, Burn):
            continue
        heading, note = _HEADINGS.get(rule.name), _NOTES.get(rule.name)
        lines = [_BANNER, f"  # {heading}", _BANNER] if heading else []
        lines += [f"  # {note}"] if note else []
        yield "\n".join([*lines, *_alarm(rule)]) + "\n"


def _alarm(rule: Rule) -> Iterator[str]:
    condition = rule.condition
    yield f"  {_logical(rule.name)}Alarm:"
    yield "    Type: AWS::CloudWatch::Alarm"
    if isinstance(condition, Share):
        yield "    Condition: InCloud"
    yield "    Properties:"
    yield f'      AlarmName: !Sub "${{Name}}-{rule.name}"'
    yield f"      AlarmDescription: {rule.summary}"
    yield "      AlarmActions: [!Ref AlarmTopic]"
    yield "      OKActions: [!Ref AlarmTopic]"
    match condition:
        case Threshold():
            yield from _threshold(rule, condition)
        case Share():
            yield from _share(rule, condition)
        case DeadLetters():
            yield from _dead_letters(rule, condition)
    yield f"      TreatMissingData: {_UNSEEN[rule.unseen]}"


def _threshold(rule: Rule, condition: Threshold) -> Iterator[str]:
    metric = condition.metric
    if not metric.emf or metric.labels:
        raise ValueError(f"CloudWatch has no figure of {metric.name} over all of its labels, as {rule.name} wants it")
    worst = {"above": "Maximum", "below": "Minimum"}[condition.comparison]
    yield f"      Namespace: {NAMESPACE}"
    yield f"      MetricName: {metric.name}"
    yield "      Dimensions:"
    yield "        - {Name: Stack, Value: !Ref Name}"
    yield f"      Statistic: {'Sum' if isinstance(metric, Counter) else worst}"
    yield f"      Period: {condition.minutes * _MINUTE}"
    yield f"      EvaluationPeriods: {rule.looks}"
    yield f"      DatapointsToAlarm: {rule.bad}"
    yield f"      Threshold: {condition.bound:g}"
    yield f"      ComparisonOperator: {_OPERATORS[condition.comparison]}"


def _share(rule: Rule, condition: Share) -> Iterator[str]:
    """In percent; what too few events say is as good as can be."""
    parts = {_last_word(each): each for each in (condition.part, condition.rest)}
    part, rest = (f"FILL({name}, 0)" for name in parts)
    best = 100 if condition.comparison == "below" else 0
    yield "      Metrics:"
    yield "        - Id: rate"
    yield f"          Label: {_last_word(condition.part).capitalize()} in percent"
    yield (
        f'          Expression: "IF({part} + {rest} >= {condition.least}, 100 * {part} / ({part} + {rest}), {best})"'
    )
    yield "          ReturnData: true"
    for name, metric in parts.items():
        yield f"        - Id: {name}"
        yield from _summed(metric, condition.minutes * _MINUTE)
    yield f"      EvaluationPeriods: {rule.looks}"
    if rule.bad != rule.looks:
        yield f"      DatapointsToAlarm: {rule.bad}"
    yield f"      Threshold: {100 * condition.bound:g}"
    yield f"      ComparisonOperator: {_OPERATORS[condition.comparison]}"


def _summed(metric: Metric, period: int) -> Iterator[str]:
    yield "          ReturnData: false"
    yield "          MetricStat:"
    yield "            Metric:"
    yield f"              Namespace: {NAMESPACE}"
    yield f"              MetricName: {metric.name}"
    yield "              Dimensions:"
    yield "                - {Name: Stack, Value: !Ref Name}"
    for label, dimension in zip(metric.labels, metric.dimensions, strict=True):
        yield f"                - {{Name: {dimension}, Value: {_ONLY[label]}}}"
    yield "            Stat: Sum"
    yield f"            Period: {period}"


def _dead_letters(rule: Rule, condition: DeadLetters) -> Iterator[str]:
    yield "      Namespace: AWS/SQS"
    yield "      MetricName: ApproximateNumberOfMessagesVisible"
    yield "      Dimensions:"
    yield f'        - {{Name: QueueName, Value: !Sub "${{Name}}-{condition.queue}-dead-letters"}}'
    yield "      Statistic: Maximum"
    yield f"      Period: {_MINUTE}"
    yield f"      EvaluationPeriods: {rule.looks}"
    yield "      Threshold: 0"
    yield "      ComparisonOperator: GreaterThanThreshold"


def _logical(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _last_word(metric: Metric) -> str:
    return str(re.findall("[A-Z][a-z0-9]*", metric.name)[-1]).lower()
