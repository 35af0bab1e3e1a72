"""report_maker_handler: each day, make the report on the day before."""

from brightspot import operations
from brightspot.store import schedule_entry

handler = schedule_entry("report_maker", operations.generate_report)
