"""`bulk_analyze`: the job type of bulk analyses. Whoever loads this module can take such jobs in and work on them."""

from typing import Final

from brightspot.jobs import JobType, register_job_type
from brightspot.locations.bulk.parts import run, split
from brightspot.locations.bulk.request import BulkParameters, check
from brightspot.locations.bulk.results import merge

BULK_ANALYZE: Final = register_job_type(JobType("bulk_analyze", BulkParameters, check, split, run, merge))
