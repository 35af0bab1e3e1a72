"""The table of the audit log: key `stream` and `number`. Loads pynamodb: imported when the table is first used.

An entry's body is its canonical JSON as text, so that what was hashed is what is stored. Checkpoints stand in the same
table, under the stream `checkpoints#<stream>`.
"""

from typing import Final

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from brightspot.audit.canonical import canonical

AGGREGATE: Final = "audit"
CHECKPOINTS: Final = "checkpoints#"


class AuditRow(Model):
    """One entry or checkpoint."""

    stream = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    body = UnicodeAttribute()


def row_of(table: type[AuditRow], stream: str, number: int, value: msgspec.Struct) -> AuditRow:
    """A row of the bound table."""
    return table(stream=stream, number=number, body=canonical(msgspec.to_builtins(value)).decode())
