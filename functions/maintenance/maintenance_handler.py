"""maintenance_handler: each maintenance task when it is due."""

from brightspot import operations
from brightspot.store import schedules_entry

handler = schedules_entry(operations.scheduled_tasks())
