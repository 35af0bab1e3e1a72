"""The one table of rate limits: every policy there is, whether a route uses it yet or not."""

from brightspot.core.settings import load
from brightspot.ratelimit import Declared, RateLimitSettings, RatePolicy, configured, per_minute

POLICIES = (
    Declared("default", None, "what a policy without a number of its own has"),
    Declared("health", per_minute(100), "health"),
    Declared("analyze", per_minute(100), "analyses"),
    Declared("batch", per_minute(30), "new batches"),
    Declared("batch-reads", per_minute(100), "looking at batches"),
    Declared("jobs", per_minute(30), "new jobs, places for their files, and ending them"),
    Declared("jobs-reads", per_minute(100), "looking at jobs and their results"),
    Declared("compare", None, "comparisons"),
    Declared("search", None, "searches"),
    Declared("history", None, "history and trends"),
    Declared("report", None, "reports of an analysis"),
    Declared("reports", per_minute(10), "making reports of the service"),
    Declared("reports-reads", per_minute(60), "reports of the service"),
    Declared("docs", None, "the API's documentation"),
    Declared("cache", per_minute(10), "clearing the cache"),
    Declared("cached-values", None, "values that clients keep in the cache"),
    Declared("cache-reads", per_minute(60), "figures of the cache"),
    Declared("circuit-breakers", per_minute(10), "resetting circuit breakers"),
    Declared("circuit-breakers-reads", None, "looking at circuit breakers"),
    Declared("audit", per_minute(60), "looking at the audit log"),
    Declared("security", per_minute(60), "security monitoring, and lifting blocks"),
    Declared("alerts", per_minute(60), "alerts, their rules and silences"),
    Declared("tasks", per_minute(60), "tasks and their schedules"),
    Declared("unrouted", None, "paths that are not there"),
    Declared("signup", per_minute(5), "new accounts", away="local"),
    Declared("login", per_minute(10), "logins, and other questions for a password", away="local"),
    Declared("auth", None, "sessions, keys and accounts"),
    Declared("dashboards", per_minute(60), "dashboards"),
    Declared("maintenance-runs", per_minute(10), "running maintenance tasks"),
    Declared("maintenance-runs-reads", per_minute(60), "looking at maintenance tasks"),
    Declared("monitoring", per_minute(60), "figures of the service"),
    # Routes to come name these; until then they limit nothing.
    Declared("analytics", per_minute(30), "analytics"),
    Declared("sync", per_minute(10), "synchronising a connection"),
    Declared("action", per_minute(10), "any other action"),
)
_BY_NAME = {each.name: each for each in POLICIES}


def told_limits() -> dict[str, str | None]:
    """Each policy's limit of an address, in words; None where requests are not limited."""
    found = {each.name: rate_policy(each.name) for each in POLICIES}
    return {name: None if each is None else str(each.limit) for name, each in found.items()}


def rate_policy(name: str) -> RatePolicy | None:
    """The policy `name` as the environment has it; None when requests are not limited.

    Raises KeyError for a name that is not in the table, and SettingsError for a setting that cannot be used.
    """
    declared, settings = _BY_NAME[name], load(RateLimitSettings)
    return configured(declared, settings.default) if settings.enabled else None
