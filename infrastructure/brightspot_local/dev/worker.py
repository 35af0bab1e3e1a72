"""One execution environment: a process that imports one function and handles one event at a time.

Run as `python -m brightspot_local.dev.worker FOLDER HANDLER FD`; frames are JSON lines over the socket `FD`.
"""

import json
import logging
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import uuid4


@dataclass
class LambdaContext:
    """The part of Lambda's context object that functions use."""

    function_name: str
    ends_at: float
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    memory_limit_in_mb: int = 1769
    function_version: str = "$LATEST"

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.ends_at - time.monotonic()) * 1000))


def main(folder: str, handler_path: str, fd: int) -> int:
    """Serve events until the other end closes."""
    sys.path.insert(0, folder)
    module, _, name = handler_path.rpartition(".")
    channel = socket.socket(fileno=fd)
    with channel, channel.makefile("rb") as frames, channel.makefile("wb") as answers:
        handler = getattr(import_module(module), name)
        for line in frames:
            frame = json.loads(line)
            context = LambdaContext(module.removesuffix("_handler"), time.monotonic() + frame["timeout"])
            answers.write(json.dumps(_handle(handler, frame["event"], context)).encode() + b"\n")
            answers.flush()
    return 0


def _handle(handler: Any, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The return value, or what Lambda reports of an unhandled exception."""
    try:
        return {"returned": handler(event, context)}
    except Exception as error:  # Lambda, too, answers any exception with its text
        logging.getLogger("brightspot").exception("unhandled")
        return {"errorType": type(error).__name__, "errorMessage": str(error), "trace": traceback.format_exc()}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
