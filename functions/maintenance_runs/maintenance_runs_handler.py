"""maintenance_runs_handler: GET /api/v1/maintenance/tasks and the runs of one, POST .../{name}/run."""

from brightspot.http import lambda_entry

handler = lambda_entry(
    "maintenance_runs_routes", name="maintenance-runs", needs="admin", reads="maintenance-runs-reads"
)
