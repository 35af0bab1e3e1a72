"""A dashboard as CloudWatch takes it, and the nested stack that deploys all of them.

docs.aws.amazon.com: "Dashboard Body Structure and Syntax", "CloudWatch search expression syntax".
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from brightspot.telemetry import NAMESPACE, Metric
from brightspot.telemetry.metric import STACK
from brightspot_local.boards.panel import Ask, AwsAsk, Board, Panel

PERIOD: Final = 60  # seconds
_WIDE, _HIGH, _COLUMNS = 12, 6, 24
_STATS: Final = {"rate": "Sum", "ratio": "Sum", "lowest": "Minimum", "highest": "Maximum"}
_COLOURS: Final = {"warn": "#ff7f0e", "bad": "#d62728"}
_TEMPLATE: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: "Dashboards over what Brightspot and AWS tell of it."

# Made by `make boards`, of infrastructure/brightspot_local/boards.

Parameters:
  Name:
    Type: String
    Description: The root stack's name. Functions, queues, tables and the figures of the metrics bear it.
  Api:
    Type: String
    Description: Id of the HTTP API.
  TaskQueueName:
    Type: String
    Description: What the queues of tasks are called, between the stack's name and the priority.

Resources:
"""
_OUTPUTS: Final = """
Outputs:
  First:
    Description: The dashboard to begin with.
    Value: !Ref {id}
"""
_RESOURCE: Final = """\
  {id}:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: !Sub "${{Name}}-{name}"
      DashboardBody: !Sub |
{body}
"""


def body(board: Board) -> str:
    """Its body; what of it depends on the stack stands there as `${...}`. Raises ValueError for what nobody tells."""
    head = {"type": "text", "x": 0, "y": 0, "width": _COLUMNS, "height": 2}
    text = {**head, "properties": {"markdown": f"# {board.title}\n{board.text}"}}
    widgets = [text, *(_widget(place, each) for place, each in enumerate(board.panels))]
    lines = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in widgets)
    return f'{{"start": "-PT6H", "periodOverride": "inherit", "widgets": [\n{lines}\n]}}\n'


def stack(boards: Iterable[Board]) -> str:
    """The template of all of them."""
    known = list(boards)
    return _TEMPLATE + "\n".join(_resource(each) for each in known) + _OUTPUTS.format(id=_id(known[0]))


def _id(board: Board) -> str:
    return "".join(part.capitalize() for part in board.name.split("-")) + "Dashboard"


def _resource(board: Board) -> str:
    text = "\n".join(" " * 8 + line for line in body(board).splitlines())
    return _RESOURCE.format(id=_id(board), name=board.name, body=text)


def _widget(place: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(place * _WIDE, _COLUMNS)
    lines = [line for number, ask in enumerate(panel.asks) for line in _lines(ask, f"m{number}")]
    told = {
        "title": panel.title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "period": PERIOD,
        "metrics": lines,
        "yAxis": {"left": {"label": panel.text, "showUnits": False, "min": 0}},
    }
    if drawn := _annotations(panel):
        told["annotations"] = {"horizontal": drawn}
    return {"type": "metric", "x": column, "y": 2 + row * _HIGH, "width": _WIDE, "height": _HIGH, "properties": told}


def _annotations(panel: Panel) -> list[dict[str, Any]]:
    fill = "below" if panel.falling else "above"
    limits = {"warn": panel.warn, "bad": panel.bad}
    return [
        {"label": name, "value": value, "color": _COLOURS[name], "fill": fill}
        for name, value in limits.items()
        if value is not None
    ]


def _lines(ask: Ask | AwsAsk, ref: str) -> list[list[Any]]:
    return _aws_lines(ask, ref) if isinstance(ask, AwsAsk) else _our_lines(ask, ref)


def _our_lines(ask: Ask, ref: str) -> list[list[Any]]:
    if silent := [each.name for each in ask.metrics if not each.emf]:
        raise ValueError(f"CloudWatch is not told {silent}")
    if ask.how == "ratio":
        return [[{"expression": _ratio(ask), "id": ref, "label": ask.metric.name}]]
    if ask.by == ask.metric.labels == ():
        return [[NAMESPACE, ask.metric.name, STACK, "${Name}", {"stat": _STATS[ask.how], "id": ref}]]
    if ask.by != ask.metric.labels:
        raise ValueError(
            f"CloudWatch adds nothing up by some labels: ask {ask.metric.name} by all of them, or as ratio"
        )
    return [[{"expression": _search(ask.metric, _STATS[ask.how]), "id": ref, "label": ""}]]


def _ratio(ask: Ask) -> str:
    if ask.by or ask.where:
        raise ValueError(f"in CloudWatch a ratio of {ask.metric.name} is that of two whole counters")
    part, *rest = [f"SUM({_search(each, 'Sum')})" for each in ask.metrics]
    return f"{part} / ({' + '.join([part, *rest])})"


def _search(metric: Metric, stat: str) -> str:
    schema = ",".join((NAMESPACE, *sorted((STACK, *metric.dimensions))))
    return f"SEARCH('{{{schema}}} MetricName=\"{metric.name}\" {STACK}=\"${{Name}}\"', '{stat}', {PERIOD})"


def _aws_lines(ask: AwsAsk, ref: str) -> list[list[Any]]:
    lines: list[list[Any]] = []
    for number, thing in enumerate(ask.things):
        its = f"{ref}x{number}"
        place = [ask.dimension, thing]
        label = thing if len(ask.things) > 1 else f"{ask.name} {ask.stat}"
        if ask.over is None:
            lines.append([ask.namespace, ask.name, *place, {"stat": ask.stat, "id": its, "label": label}])
            continue
        hidden = {"stat": ask.stat, "visible": False}
        lines.append([{"expression": f"FILL({its}a, 0) / {its}b", "id": its, "label": f"{ask.name} / {ask.over}"}])
        lines.append([ask.namespace, ask.name, *place, {**hidden, "id": f"{its}a"}])
        lines.append([ask.namespace, ask.over, *place, {**hidden, "id": f"{its}b"}])
    return lines
