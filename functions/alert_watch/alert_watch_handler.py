"""alert_watch_handler: look each minute at what alerts are about, and have told who is to be told."""

from brightspot import operations
from brightspot.store import schedule_entry

handler = schedule_entry("alert_watch", operations.watch_alerts)
