"""health_probe_handler: tell each minute how the service is."""

from brightspot import operations
from brightspot.store import schedule_entry

handler = schedule_entry("health_probe", lambda _: operations.probe_health())
