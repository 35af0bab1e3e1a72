"""What is wrong with a state machine's definition beyond what cfn-lint sees: by the Amazon States Language.

Of it this knows what Brightspot's machine uses: docs.aws.amazon.com, Step Functions, "State machine structure", "Map
state in Distributed mode", "Handling errors". What it does not know is told as wrong.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_EVERY: Final = {"Type", "Comment", "Next", "End", "InputPath", "OutputPath", "ResultPath", "Retry"}
_FIELDS: Final = {
    "Task": _EVERY | {"Resource", "Parameters", "TimeoutSeconds", "ResultSelector"},
    "Map": _EVERY
    | {"Label", "ItemReader", "ItemSelector", "ItemBatcher", "ItemProcessor", "ResultWriter"}
    | {"MaxConcurrencyPath", "ToleratedFailurePercentagePath"},
}
_NEEDED: Final = {"Task": {"Resource"}, "Map": {"ItemProcessor"}}
_INSIDE: Final = {
    "ItemReader": {"Resource", "ReaderConfig", "Parameters"},
    "ItemBatcher": {"MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "BatchInput"},
    "ResultWriter": {"Resource", "Parameters", "WriterConfig"},
}
_MODES: Final = [{"Mode": "DISTRIBUTED", "ExecutionType": each} for each in ("EXPRESS", "STANDARD")]
_RETRY: Final = {"ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"}


def faults(machine: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Each fault of a machine and of those inside its map states, with where it is."""
    states = machine["States"]
    if machine.get("StartAt") not in states:
        yield f"{path or '/'} starts at {machine.get('StartAt')}, which is no state"
        return
    for name in sorted(states.keys() - reached(machine)):
        yield f"{path}/{name} is never reached"
    for name, state in states.items():
        yield from _of_state(state, states, f"{path}/{name}")


def reached(machine: Mapping[str, Any]) -> set[str]:
    """The states that the first one leads to, itself among them."""
    found, name = set[str](), machine["StartAt"]
    while name in machine["States"] and name not in found:
        found.add(name)
        name = machine["States"][name].get("Next")
    return found


def _of_state(state: Mapping[str, Any], states: Mapping[str, Any], path: str) -> Iterator[str]:
    kind = state.get("Type", "")
    if kind not in _FIELDS:
        yield f"{path} is a {kind or 'state without a type'}"
        return
    yield from (f"{path} has {each}" for each in sorted(state.keys() - _FIELDS[kind]))
    yield from (f"{path} lacks {each}" for each in sorted(_NEEDED[kind] - state.keys()))
    if ("Next" in state) == (state.get("End") is True):
        yield f"{path} neither ends nor goes on, or both"
    if "Next" in state and state["Next"] not in states:
        yield f"{path} goes on to {state['Next']}, which is no state"
    for number, each in enumerate(state.get("Retry", [])):
        yield from _of_retry(each, f"{path}/Retry/{number}")
    for part, fields in _INSIDE.items():
        yield from (f"{path}/{part} has {each}" for each in sorted(state.get(part, {}).keys() - fields))
    if kind == "Map" and "ItemProcessor" in state:
        if state["ItemProcessor"].get("ProcessorConfig") not in _MODES:
            yield f"{path}/ItemProcessor runs in {state['ItemProcessor'].get('ProcessorConfig')}"
        yield from faults(state["ItemProcessor"], path)


def _of_retry(retry: Mapping[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path} has {each}" for each in sorted(retry.keys() - _RETRY))
    if not retry.get("ErrorEquals"):
        yield f"{path} names no error"
    if retry.get("JitterStrategy") not in {None, "FULL", "NONE"}:
        yield f"{path} has the jitter {retry['JitterStrategy']}"
    if retry.get("BackoffRate", 2) < 1 or retry.get("IntervalSeconds", 1) < 1:
        yield f"{path} does not wait"
