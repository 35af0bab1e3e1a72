"""The table of the third level. Loads pynamodb: imported when the table is first used."""

from typing import Final

from pynamodb.attributes import BinaryAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.models import Model

AGGREGATE: Final = "cache"


class EntryRow(Model):
    """One entry, packed as the shared store has it."""

    name = UnicodeAttribute(hash_key=True)
    data = BinaryAttribute(legacy_encoding=False)
    expires_at = TTLAttribute()
