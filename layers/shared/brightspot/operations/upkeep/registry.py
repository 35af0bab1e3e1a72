"""The seven maintenance tasks by their names: what each does, and when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from brightspot.core.snapshots import load_before_snapshot
from brightspot.operations.upkeep.work import Step


@dataclass(frozen=True, slots=True)
class MaintenanceTask:
    """`cron` is that of its schedule in template.yaml (UTC), due `every_hours`; `module` beside this has its STEPS."""

    name: str
    text: str
    cron: str
    every_hours: int
    module: str

    def steps(self) -> Mapping[str, Step]:
        """What it does, by the names of its steps; loads what they need."""
        steps: Mapping[str, Step] = import_module(f"{__package__}.{self.module}").STEPS
        return steps


TASKS: Final[Mapping[str, MaintenanceTask]] = {
    each.name: each
    for each in (
        MaintenanceTask(
            "cleanup_completed_tasks",
            "Deletes tasks that were finished longer ago than they are kept, sends lost ones again, and deletes "
            "runs of maintenance older than 90 days.",
            "cron(37 * * * ? *)",
            1,
            "finished_tasks",
        ),
        MaintenanceTask(
            "cleanup_performance_metrics",
            "Deletes figures and health that expired and are still there, and old measurements in the shared store.",
            "cron(52 3 * * ? *)",
            24,
            "old_figures",
        ),
        MaintenanceTask(
            "optimize_database",
            "Looks at how tables are used and what they hold, and says what to change. It changes nothing by itself.",
            "cron(0 2 * * ? *)",
            24,
            "database_use",
        ),
        MaintenanceTask(
            "cache_warming",
            "Computes the values asked for most that are not there, or are about to expire.",
            "cron(20 * * * ? *)",
            1,
            "warm_cache",
        ),
        MaintenanceTask(
            "cleanup_old_content",
            "Deletes analyses, reports, uploads and results that are older than they are kept.",
            "cron(17 4 * * ? *)",
            24,
            "old_content",
        ),
        MaintenanceTask(
            "system_health_check",
            "Checks every component, queue, breaker and the runs of maintenance, and gives each a verdict.",
            "cron(5 * * * ? *)",
            1,
            "health_check",
        ),
        MaintenanceTask(
            "generate_analytics_report",
            "Makes the report on the day before, keeps it and has it told.",
            "cron(10 1 * * ? *)",
            24,
            "day_report",
        ),
    )
}

load_before_snapshot(*(f"{__package__}.{each.module}" for each in TASKS.values()))
