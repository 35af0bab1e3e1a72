"""task_worker_handler: do background tasks, ten at a time, of the modules named here."""

from brightspot.tasks import task_entry

handler = task_entry("brightspot.tasks.own")
