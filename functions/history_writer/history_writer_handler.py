"""history_writer_handler: save the analyses that could not be saved inside their request."""

from brightspot import locations
from brightspot.store import sqs_entry

handler = sqs_entry("history", locations.Record, locations.save_deferred)
