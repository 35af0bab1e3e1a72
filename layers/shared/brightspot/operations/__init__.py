"""Operations: what an operator asks of the running system, and the cache that clients keep values in.

What keeps values is loaded when it is first used: a health check must not pay for it.
"""

from typing import TYPE_CHECKING

from brightspot.audit import DEFAULT_LISTED as DEFAULT_AUDITED
from brightspot.audit import MOST_LISTED as MOST_AUDITED
from brightspot.audit import AuditPage, AuditQuery
from brightspot.core.codec import dumps as encode
from brightspot.core.faces import lazy_face
from brightspot.operations.audited import audit_page, audited
from brightspot.operations.breakers import (
    BreakersReset,
    BreakerState,
    BreakerStates,
    breaker_states,
    close_breaker,
    open_breaker,
    reset_breakers,
)
from brightspot.operations.caches import CacheStats, Cleared, cache_namespaces, cache_stats, clear_cache
from brightspot.operations.health import Health, health
from brightspot.operations.maintenance import forget_maintenance, maintenance_state, switch_maintenance
from brightspot.operations.probe import probe_health
from brightspot.resilience.health_monitor import ComponentHealth, HealthReport
from brightspot.resilience.maintenance import Maintenance
from brightspot.telemetry import OPENMETRICS
from brightspot.telemetry import TEXT as PROMETHEUS_TEXT

if TYPE_CHECKING:
    from brightspot.operations.alerting.board import Silence as AlertSilence
    from brightspot.operations.alerting.desk import (
        MOST_SILENCE_MINUTES,
        AlertState,
        alert_desk,
        announce,
        declared_rules,
    )
    from brightspot.operations.alerting.views import Alert, AlertReport, AlertRules, AlertSilences, SilenceEnded
    from brightspot.operations.alerting.watch import watch_alerts
    from brightspot.operations.analytics import CacheAnalytics, cache_analytics
    from brightspot.operations.background import ScheduleAsked, TaskAsked, task_desk
    from brightspot.operations.components import (
        BackendHealth,
        ServiceHealth,
        backend_health,
        component,
        component_report,
        service_health,
    )
    from brightspot.operations.dashboards.making import (
        DEFAULT_DASHBOARD_MINUTES,
        MOST_DASHBOARD_MINUTES,
        dashboard,
        dashboard_list,
    )
    from brightspot.operations.dashboards.shapes import Dashboard, DashboardList
    from brightspot.operations.enterprise import EnterpriseHealth, enterprise_health
    from brightspot.operations.health_history import FINE_HOURS, MOST_HOURS, HealthHistory, shared_health_log
    from brightspot.operations.info import ServiceInfo, service_info
    from brightspot.operations.intrusion_shapes import Block, Blocks, SecurityMonitoring, Unblocked
    from brightspot.operations.intrusions import lift_block, security_blocks, security_monitoring
    from brightspot.operations.live import live_metrics, live_performance
    from brightspot.operations.loaders import LOADERS
    from brightspot.operations.metrics import Metrics, scraped, service_metrics
    from brightspot.operations.monitored import MonitoredCache, MonitoringIndex, monitored_cache, monitoring_index
    from brightspot.operations.performance import (
        DEFAULT_SUMMARY_MINUTES,
        MOST_SUMMARY_MINUTES,
        PerformanceSummary,
        performance_summary,
    )
    from brightspot.operations.queries.performance import (
        MOST_DATABASE_MINUTES,
        DatabasePerformance,
        database_performance,
    )
    from brightspot.operations.reports.job import GENERATE_REPORT, ReportParameters
    from brightspot.operations.reports.kept import ReportForm
    from brightspot.operations.reports.service import (
        DEFAULT_REPORTS,
        MOST_REPORTS,
        ReportAsked,
        ReportEntry,
        ReportFile,
        ReportList,
    )
    from brightspot.operations.reports.shapes import AnalyticsReport
    from brightspot.operations.reports.wiring import report_service
    from brightspot.operations.sla import SlaReport, sla_report
    from brightspot.operations.tasks import TaskMonitoring, task_monitoring
    from brightspot.operations.upkeep.run import MaintenanceRun
    from brightspot.operations.upkeep.service import (
        DEFAULT_RUNS,
        MOST_RUNS,
        MaintenanceRuns,
        MaintenanceTasks,
        Started,
        scheduled_tasks,
        shared_upkeep,
    )
    from brightspot.operations.values import (
        DEFAULT_TTL_SECONDS,
        DEFAULT_WARMED,
        KEY_PATTERN,
        MOST_TAGS,
        MOST_TTL_SECONDS,
        MOST_WARMED,
        RESERVED,
        CachedValue,
        ValueDeleted,
        ValueKept,
        WarmedKeys,
        cached_value,
        delete_value,
        keep_value,
        warm_values,
    )
    from brightspot.tasks.schedules import ScheduleDeleted, SchedulePage, TaskSchedule
    from brightspot.tasks.shapes import Redriven, TaskPage, TaskStatus
    from brightspot.tasks.shapes import State as TaskState

__all__ = [
    "DEFAULT_AUDITED",
    "DEFAULT_DASHBOARD_MINUTES",
    "DEFAULT_REPORTS",
    "DEFAULT_RUNS",
    "DEFAULT_SUMMARY_MINUTES",
    "DEFAULT_TTL_SECONDS",
    "DEFAULT_WARMED",
    "FINE_HOURS",
    "GENERATE_REPORT",
    "KEY_PATTERN",
    "LOADERS",
    "MOST_AUDITED",
    "MOST_DASHBOARD_MINUTES",
    "MOST_DATABASE_MINUTES",
    "MOST_HOURS",
    "MOST_REPORTS",
    "MOST_RUNS",
    "MOST_SILENCE_MINUTES",
    "MOST_SUMMARY_MINUTES",
    "MOST_TAGS",
    "MOST_TTL_SECONDS",
    "MOST_WARMED",
    "OPENMETRICS",
    "PROMETHEUS_TEXT",
    "RESERVED",
    "Alert",
    "AlertReport",
    "AlertRules",
    "AlertSilence",
    "AlertSilences",
    "AlertState",
    "AnalyticsReport",
    "AuditPage",
    "AuditQuery",
    "BackendHealth",
    "Block",
    "Blocks",
    "BreakerState",
    "BreakerStates",
    "BreakersReset",
    "CacheAnalytics",
    "CacheStats",
    "CachedValue",
    "Cleared",
    "ComponentHealth",
    "Dashboard",
    "DashboardList",
    "DatabasePerformance",
    "EnterpriseHealth",
    "Health",
    "HealthHistory",
    "HealthReport",
    "Maintenance",
    "MaintenanceRun",
    "MaintenanceRuns",
    "MaintenanceTasks",
    "Metrics",
    "MonitoredCache",
    "MonitoringIndex",
    "PerformanceSummary",
    "Redriven",
    "ReportAsked",
    "ReportEntry",
    "ReportFile",
    "ReportForm",
    "ReportList",
    "ReportParameters",
    "ScheduleAsked",
    "ScheduleDeleted",
    "SchedulePage",
    "SecurityMonitoring",
    "ServiceHealth",
    "ServiceInfo",
    "SilenceEnded",
    "SlaReport",
    "Started",
    "TaskAsked",
    "TaskMonitoring",
    "TaskPage",
    "TaskSchedule",
    "TaskState",
    "TaskStatus",
    "Unblocked",
    "ValueDeleted",
    "ValueKept",
    "WarmedKeys",
    "alert_desk",
    "announce",
    "audit_page",
    "audited",
    "backend_health",
    "breaker_states",
    "cache_analytics",
    "cache_namespaces",
    "cache_stats",
    "cached_value",
    "clear_cache",
    "close_breaker",
    "component",
    "component_report",
    "dashboard",
    "dashboard_list",
    "database_performance",
    "declared_rules",
    "delete_value",
    "encode",
    "enterprise_health",
    "forget_maintenance",
    "health",
    "keep_value",
    "lift_block",
    "live_metrics",
    "live_performance",
    "maintenance_state",
    "monitored_cache",
    "monitoring_index",
    "open_breaker",
    "performance_summary",
    "probe_health",
    "report_service",
    "reset_breakers",
    "scheduled_tasks",
    "scraped",
    "security_blocks",
    "security_monitoring",
    "service_health",
    "service_info",
    "service_metrics",
    "shared_health_log",
    "shared_upkeep",
    "sla_report",
    "switch_maintenance",
    "task_desk",
    "task_monitoring",
    "warm_values",
    "watch_alerts",
]

_HOMES = {
    "alerting.desk": "MOST_SILENCE_MINUTES AlertState alert_desk announce declared_rules",
    "alerting.views": "Alert AlertReport AlertRules AlertSilences SilenceEnded",
    "alerting.watch": "watch_alerts",
    "intrusions": "lift_block security_blocks security_monitoring",
    "intrusion_shapes": "Block Blocks SecurityMonitoring Unblocked",
    "analytics": "CacheAnalytics cache_analytics",
    "background": "ScheduleAsked TaskAsked task_desk",
    "components": "BackendHealth ServiceHealth backend_health component component_report service_health",
    "dashboards.making": "DEFAULT_DASHBOARD_MINUTES MOST_DASHBOARD_MINUTES dashboard dashboard_list",
    "dashboards.shapes": "Dashboard DashboardList",
    "enterprise": "EnterpriseHealth enterprise_health",
    "health_history": "FINE_HOURS MOST_HOURS HealthHistory shared_health_log",
    "info": "ServiceInfo service_info",
    "live": "live_metrics live_performance",
    "loaders": "LOADERS",
    "monitored": "MonitoredCache MonitoringIndex monitored_cache monitoring_index",
    "metrics": "Metrics scraped service_metrics",
    "performance": "DEFAULT_SUMMARY_MINUTES MOST_SUMMARY_MINUTES PerformanceSummary performance_summary",
    "sla": "SlaReport sla_report",
    "tasks": "TaskMonitoring task_monitoring",
    "queries.performance": "MOST_DATABASE_MINUTES DatabasePerformance database_performance",
    "reports.job": "GENERATE_REPORT ReportParameters",
    "reports.kept": "ReportForm",
    "reports.service": "DEFAULT_REPORTS MOST_REPORTS ReportAsked ReportEntry ReportFile ReportList",
    "reports.shapes": "AnalyticsReport",
    "reports.wiring": "report_service",
    "upkeep.run": "MaintenanceRun",
    "upkeep.service": ("DEFAULT_RUNS MOST_RUNS MaintenanceRuns MaintenanceTasks Started scheduled_tasks shared_upkeep"),
    "values": (
        "DEFAULT_TTL_SECONDS DEFAULT_WARMED KEY_PATTERN MOST_TAGS MOST_TTL_SECONDS MOST_WARMED RESERVED CachedValue "
        "ValueDeleted ValueKept WarmedKeys cached_value delete_value keep_value warm_values"
    ),
}
_ELSEWHERE = {
    "AlertSilence": (f"{__name__}.alerting.board", "Silence"),
    "TaskState": ("brightspot.tasks.shapes", "State"),
    **{each: ("brightspot.tasks.shapes", each) for each in ("Redriven", "TaskPage", "TaskStatus")},
    **{each: ("brightspot.tasks.schedules", each) for each in ("ScheduleDeleted", "SchedulePage", "TaskSchedule")},
}
__getattr__ = lazy_face(__name__, _HOMES, _ELSEWHERE)
