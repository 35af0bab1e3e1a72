"""history_cleanup_handler: each day, delete the analyses that are older than they are kept."""

from brightspot import locations
from brightspot.store import schedule_entry

handler = schedule_entry("history_cleanup", locations.clean_history)
