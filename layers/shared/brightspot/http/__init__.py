"""The request's way in and out: a function's Lambda entry, its ASGI front, its FastAPI app and the error contract.

The FastAPI side (`brightspot.http.app`) is imported only when a request needs it.
"""

from brightspot.http.entry import lambda_entry
from brightspot.http.reuse import Reuse

__all__ = ["Reuse", "lambda_entry"]
