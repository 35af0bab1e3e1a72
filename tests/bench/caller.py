"""One warm handler in a process of its own: reads how many calls to make, answers with the time of each.

Run as `caller.py MODULE SUBJECTS` with the event on the first line of stdin; needs nothing but the handler's libraries.
"""

import copy
import itertools
import json
import os
import sys
import time
from importlib import import_module
from typing import Any


class Context:
    """The part of Lambda's context object that handlers use."""

    aws_request_id = "8f6f3a53-5b1e-4d0b-9a9e-6d8a3c1f2b40"
    function_name = "bench"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


def events(sample: dict[str, Any], subjects: int) -> list[dict[str, Any]]:
    """The same event from so many clients that none reaches its limit."""
    made = []
    for number in range(subjects):
        event = copy.deepcopy(sample)
        event["requestContext"]["http"]["sourceIp"] = f"198.18.{number // 250}.{number % 250}"
        made.append(event)
    return made


def main(module: str, subjects: int) -> int:
    """Serve until stdin closes. What the handler prints goes nowhere: stdout is for the times."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    turns = itertools.cycle(events(json.loads(sys.stdin.readline()), subjects))
    handler, context = import_module(module).handler, Context()
    for line in sys.stdin:
        times, returned = [], []
        for event in itertools.islice(turns, int(line)):
            started = time.perf_counter()
            answer = handler(event, context)
            times.append((time.perf_counter() - started) * 1000)
            returned.append(answer)
        kept = sum(each["statusCode"] == 200 and json.loads(each["body"])["cached"] for each in returned)
        print(json.dumps({"ms": times, "cached": kept}), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
