"""bulk_map_handler: score a batch of a mass run, and see to its two ends."""

from brightspot import locations
from brightspot.store import step_entry

handler = step_entry("bulk_map", locations.mass_step)
