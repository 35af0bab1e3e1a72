"""batch_worker_handler: analyse the addresses of batches, a few at a time."""

from brightspot import locations
from brightspot.store import sqs_entry

handler = sqs_entry("batch_item", locations.BatchItem, locations.answer_item, put_off=locations.put_item_off)
