"""tasks_handler: /api/v1/tasks and /api/v1/schedules, what runs in the background and when."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry("tasks_routes", name="tasks", needs="admin", reuse=Reuse("no-store", tagged=False))
