"""jobs_handler: POST and GET /api/v2/batch/jobs, GET …/{id}/status and …/{id}/result, DELETE …/{id}, POST …/uploads."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "jobs_routes",
    name="jobs",
    needs={"POST": "write", "GET": "read", "DELETE": "write"},
    reads="jobs-reads",
    reuse=Reuse("no-store", tagged=False),  # a state that moves on, and links that end
)
