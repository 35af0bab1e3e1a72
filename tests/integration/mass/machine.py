"""A small Step Functions: runs the definition of infrastructure/bulk.yaml by the rules that AWS documents.

docs.aws.amazon.com, Step Functions Developer Guide: "Map state input and output fields" (ItemReader with its rules for
CSV, ItemSelector, ItemBatcher, ResultWriter, in this order), "Handling errors", "Quotas". The emulators that Brightspot
uses know no ItemBatcher. A state that means something this does not know is an error here.
"""

import csv
import io
import json
import random
from dataclasses import dataclass, field
from typing import Any

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

MOST_BYTES = 262_144  # that a state may be given or give
ACCOUNT_STATES = "arn:aws:states:us-east-1:123456789012"


def definition(**substitutions: str) -> dict[str, Any]:
    """The state machine's definition with each substitution made."""
    machine = load(ROOT / "infrastructure" / "bulk.yaml")["Resources"]["StateMachine"]["Properties"]
    assert machine["DefinitionSubstitutions"].keys() == substitutions.keys()
    text = json.dumps(machine["Definition"])
    for name, value in substitutions.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    made: dict[str, Any] = json.loads(text)
    return made


class StateFailed(Exception):
    """An execution that failed: by which error and why."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


@dataclass
class Child:
    """One child execution of the map run."""

    given: Any
    output: Any = None
    error: StateFailed | None = None


@dataclass
class Machine:
    """Runs executions; `call` is the function, `s3` a client. `waits` are the seconds of all retries."""

    made: dict[str, Any]
    s3: Any
    call: Any
    children: list[Child] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    at_once: int = 0

    def execute(self, name: str, given: Any) -> Any:
        context = {"Execution": {"Name": name, "StartTime": "2026-11-28T12:00:00.000Z"}}
        return self._states(self.made, given, context)

    def redrive(self, name: str, given: Any) -> Any:
        """Go on after a failure: children that succeeded keep their output, the others are given their input again."""
        self.children = [each for each in self.children if each.error is None]
        return self.execute(name, given)

    def _states(self, machine: dict[str, Any], value: Any, context: Any) -> Any:
        at = machine["StartAt"]
        while True:
            state = machine["States"][at]
            _small(value)
            made = {"Task": self._task, "Map": self._map}[state["Type"]](state, value, context)
            if "ResultPath" in state:
                made = {**value, state["ResultPath"].removeprefix("$."): made}
            value = _at(state.get("OutputPath", "$"), made, context)
            _small(value)
            if state.get("End"):
                return value
            at = state["Next"]

    def _task(self, state: dict[str, Any], value: Any, context: Any) -> Any:
        assert state["Resource"] == "arn:aws:states:::lambda:invoke"
        asked = _filled(state["Parameters"], value, context)
        tries = [0] * len(state["Retry"])
        while True:
            try:
                return {"StatusCode": 200, "Payload": json.loads(json.dumps(self.call(asked["Payload"])))}
            except Exception as error:  # Lambda tells the class by name
                name = getattr(error, "error", type(error).__name__)
                which = next((n for n, each in enumerate(state["Retry"]) if name in each["ErrorEquals"]), None)
                if which is None or tries[which] >= state["Retry"][which]["MaxAttempts"]:
                    raise StateFailed(name, str(error)) from error
                self.waits.append(_wait(state["Retry"][which], tries[which]))
                tries[which] += 1

    def _map(self, state: dict[str, Any], value: Any, context: Any) -> Any:
        processor = state["ItemProcessor"]
        assert processor["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
        self.at_once = _at(state["MaxConcurrencyPath"], value, context)
        items = []
        for index, item in enumerate(self._read(state["ItemReader"], value, context)):
            mapped = {**context, "Map": {"Item": {"Index": index, "Value": item}}}
            items.append(_filled(state["ItemSelector"], value, mapped))
        done = {json.dumps(each.given) for each in self.children}
        for batch in _batches(state["ItemBatcher"], items, value, context):
            if json.dumps(batch) not in done:
                self.children.append(self._child(processor, batch, context))
        failed = [each for each in self.children if each.error]
        if 100 * len(failed) > _at(state["ToleratedFailurePercentagePath"], value, context) * len(self.children):
            raise StateFailed("States.ExceedToleratedFailureThreshold", f"{len(failed)} of {len(self.children)}")
        return self._write(state["ResultWriter"], value, context)

    def _child(self, processor: dict[str, Any], batch: Any, context: Any) -> Child:
        try:
            return Child(batch, output=self._states(processor, batch, context))
        except StateFailed as error:
            return Child(batch, error=error)

    def _read(self, reader: dict[str, Any], value: Any, context: Any) -> list[dict[str, str]]:
        assert reader["Resource"] == "arn:aws:states:::s3:getObject"
        assert reader["ReaderConfig"] == {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
        asked = _filled(reader["Parameters"], value, context)
        return csv_items(self.s3.get_object(**asked)["Body"].read().decode())

    def _write(self, writer: dict[str, Any], value: Any, context: Any) -> Any:
        assert writer["Resource"] == "arn:aws:states:::s3:putObject"
        assert writer["WriterConfig"] == {"Transformation": "COMPACT", "OutputType": "JSON"}
        asked = _filled(writer["Parameters"], value, context)
        bucket, prefix = asked["Bucket"], f"{asked['Prefix']}/4977ded7-b097-3bee-81e1-7863c5660f29"
        files = {
            "SUCCEEDED": [each.output for each in self.children if each.error is None],
            "FAILED": [_told(each) for each in self.children if each.error],
        }
        named: dict[str, list[dict[str, Any]]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
        for status, outputs in files.items():
            if outputs:
                key, body = f"{prefix}/{status}_0.json", json.dumps(outputs).encode()
                self.s3.put_object(Bucket=bucket, Key=key, Body=body)
                named[status].append({"Key": key, "Size": len(body)})
        run = f"{ACCOUNT_STATES}:mapRun:tests-bulk/Score:4977ded7-b097-3bee-81e1-7863c5660f29"
        manifest = {"DestinationBucket": bucket, "MapRunArn": run, "ResultFiles": named}
        self.s3.put_object(Bucket=bucket, Key=f"{prefix}/manifest.json", Body=json.dumps(manifest).encode())
        return {"MapRunArn": run, "ResultWriterDetails": {"Bucket": bucket, "Key": f"{prefix}/manifest.json"}}


def csv_items(text: str) -> list[dict[str, str]]:
    """Fields are text; what a row lacks is empty, what it has too much is skipped; a quoted field may hold lines."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return [dict(zip(header, [*row, *[""] * len(header)], strict=False)) for row in rows if row]


def _batches(batcher: dict[str, Any], items: list[Any], value: Any, context: Any) -> list[Any]:
    most, size = _at(batcher["MaxItemsPerBatchPath"], value, context), batcher["MaxInputBytesPerBatch"]
    shared, batches = _filled(batcher["BatchInput"], value, context), []
    for item in items:
        grown = {"Items": [*batches[-1]["Items"], item], "BatchInput": shared} if batches else None
        if grown is None or len(grown["Items"]) > most or len(json.dumps(grown)) > size:
            grown = {"Items": [item], "BatchInput": shared}
            batches.append(grown)
        batches[-1] = grown
    return batches


def _told(child: Child) -> dict[str, Any]:
    assert child.error is not None
    told = {"Input": json.dumps(child.given), "Error": child.error.error, "Cause": child.error.cause}
    return {"ExecutionArn": f"{ACCOUNT_STATES}:express:tests-bulk/Score:1", "Status": "FAILED", **told}


def _wait(retry: dict[str, Any], tried: int) -> float:
    """By full jitter: anything from nothing to the delay."""
    assert retry["JitterStrategy"] == "FULL"
    most = min(retry["IntervalSeconds"] * retry["BackoffRate"] ** tried, retry.get("MaxDelaySeconds", 31_622_400))
    return random.uniform(0, most)


def _filled(template: Any, value: Any, context: Any) -> Any:
    """A payload template: what a name that ends in `.$` says is a path."""
    if isinstance(template, dict):
        return {
            key.removesuffix(".$"): _at(each, value, context) if key.endswith(".$") else _filled(each, value, context)
            for key, each in template.items()
        }
    return template


def _at(path: str, value: Any, context: Any) -> Any:
    root, path = (context, path[1:]) if path.startswith("$$") else (value, path)
    for name in filter(None, path.removeprefix("$").split(".")):
        if not isinstance(root, dict) or name not in root:
            raise StateFailed("States.ParameterPathFailure", f"{path} is not there")
        root = root[name]
    return root


def _small(value: Any) -> None:
    size = len(json.dumps(value, separators=(",", ":")).encode())
    if size > MOST_BYTES:
        raise StateFailed("States.DataLimitExceeded", f"{size} bytes")
