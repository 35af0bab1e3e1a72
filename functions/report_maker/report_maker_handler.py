"""report_maker_handler: each day, make the report on the day before."""

from brightspot import operations
from brightspot.store import schedule_entry

handler = schedule_entry("generate_analytics_report", operations.generate_report)
