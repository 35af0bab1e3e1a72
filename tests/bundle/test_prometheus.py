"""Prometheus takes what is exposed and the rules over it, which fire at the minute that they should."""

from pathlib import Path
from random import Random

import pytest

from brightspot import operations
from brightspot.operations.alerting.rules import RULES
from brightspot.operations.objectives import SlaSettings, objectives_of
from brightspot.telemetry import METRICS, Counter, Gauge, Ledger
from brightspot_local.alarms.__main__ import ALERTS, RECORDING
from brightspot_local.alarms.prometheus import recording
from brightspot_local.paths import ROOT
from tests.bundle.alarms import fires
from tests.bundle.promtool import At, assert_fires, counted, promtool, read
from tests.conftest import HandClock

GOOD = 'http_requests_total{route="POST /api/v1/search",status="200"}'
BAD = 'http_requests_total{route="POST /api/v1/search",status="503"}'
HOUR = 60


# --- What Prometheus reads ------------------------------------------------------------------------------------


def told_everything() -> Ledger:
    ledger = Ledger(None, HandClock())
    for metric in METRICS:
        series = (metric.name, *("some" for _ in metric.labels))
        if isinstance(metric, Counter):
            ledger.count(series, 3)
        elif isinstance(metric, Gauge):
            ledger.note(series, 0.5)
        else:
            ledger.observe(series, 0.5)
    return ledger


def test_promtool_finds_nothing_to_mend_in_what_is_exposed():
    text = operations.scraped(ledger=told_everything())
    assert {each.exposed for each in METRICS} <= {line.split()[2] for line in text.splitlines() if "# TYPE" in line}
    done = promtool("check", "metrics", text=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", [RECORDING, ALERTS], ids=lambda path: path.name)
def test_promtool_takes_the_rules(path: Path):
    done = promtool("check", "rules", "--lint-fatal", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_takes_the_example_and_all_that_it_names(tmp_path: Path):
    for each in (ROOT / "infrastructure" / "prometheus").iterdir():
        (tmp_path / each.name).write_text(each.read_text())
    (tmp_path / "brightspot.token").write_text("token")
    done = promtool("check", "config", "--lint-fatal", str(tmp_path / "prometheus.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bound_that_no_bucket_has_is_refused():
    with pytest.raises(ValueError, match=r"no bucket of http_request_duration_seconds up to 1\.5 s"):
        recording(objectives_of(SlaSettings(latency_seconds=1.5)).values())


# --- Thresholds and shares, by the same looks as the rules ----------------------------------------------------


GAUGES = {
    "not-healthy": ("healthy", (0, 1, None)),
    "health-score": ("health_score", (0.79, 0.8, None)),
    "cache-degraded": ("cache_degraded", (0, 1, None)),
    "breaker-open": ("breaker_open_seconds", (300, 301, None)),
    "security-score": ("security_score", (69, 70, None)),
}


def test_a_reading_fires_when_the_rule_does(tmp_path: Path):
    series, expected = {"up": read([1] * 60)}, []
    for alert, (name, values) in GAUGES.items():
        rule = next(each for each in RULES if each.name == alert)
        minutes = Random(alert).choices(values, k=60)
        series[name] = read(minutes)
        fired = [At(minute, alert, fires(rule, minutes[:minute])) for minute in range(rule.looks, len(minutes) + 1)]
        assert {each.fires for each in fired} == {True, False}
        expected += fired
    assert_fires(tmp_path, series, expected, every="1m")


def test_a_prometheus_that_has_just_begun_has_seen_no_fault(tmp_path: Path):
    series = {"healthy": read([None] * 10 + [1] * 10), "up": read([None] * 10 + [1] * 10)}
    assert_fires(tmp_path, series, [At(minute, "not-healthy", fires=False) for minute in range(1, 21)], every="1m")


def test_a_service_that_cannot_be_scraped_is_not_healthy(tmp_path: Path):
    series = {"healthy": read([1] * 10 + [None] * 10), "up": read([1] * 10 + [0] * 10)}
    expected = [At(10, "not-healthy", fires=False), At(11, "not-healthy", fires=False)]
    assert_fires(tmp_path, series, [*expected, At(12, "not-healthy", fires=True)], every="1m")


def test_one_of_what_should_never_be_fires_for_its_minute(tmp_path: Path):
    alerts = ("database-errors", "cache-tampered", "audit-unrecorded")
    series = {f"{alert.replace('-', '_')}_total": [0] * 20 + [1] * 20 for alert in alerts}  # from the tenth minute on
    expected = [At(at, alert, fires=at == 10) for alert in alerts for at in (9.5, 10, 11.5)]
    assert_fires(tmp_path, series, expected, every="30s")


@pytest.mark.parametrize(("hits", "misses", "fired"), [(9, 11, True), (10, 10, False), (0, 19, False)])
def test_the_hit_rate_is_judged_from_twenty_questions_on(tmp_path: Path, hits: int, misses: int, fired: bool):
    series = {
        'cache_hits_total{cache="analysis"}': counted([hits / 5] * 40),
        'cache_misses_total{cache="analysis"}': counted([misses / 5] * 40),
    }
    assert_fires(tmp_path, series, [At(10, "cache-hit-rate", fires=False), At(30, "cache-hit-rate", fires=fired)])


# --- Error budgets --------------------------------------------------------------------------------------------


def test_an_outage_pages_and_is_over_soon_after_its_end(tmp_path: Path):
    failing = [0] * 120 + [10] * 20 + [0] * 40  # a tenth of the requests for twenty minutes
    series = {GOOD: counted(100 - each for each in failing), BAD: counted(failing)}
    fast = "availability-burn-fast"
    # 14.4 times a budget of 0.1 % is 1.44 % of an hour: just short of nine minutes of ten percent.
    assert_fires(
        tmp_path,
        series,
        [
            At(119, fast, fires=False),
            At(128, fast, fires=False),
            At(129, fast, fires=True),
            At(140, fast, fires=True),
            At(146, fast, fires=False),  # nothing failed within five minutes
            At(146, "availability-burn-medium", fires=True),
            At(175, "availability-burn-medium", fires=False),
        ],
        every="1m",
    )


def test_a_slow_leak_is_a_ticket_and_no_page(tmp_path: Path):
    minutes = 9 * HOUR
    series = {GOOD: counted([99.8] * minutes), BAD: counted([0.2] * minutes)}
    assert_fires(
        tmp_path,
        series,
        [
            At(at, f"availability-burn-{speed}", fires=speed == "slow")
            for at in (2 * HOUR, 8 * HOUR)
            for speed in ("fast", "medium", "slow")
        ],
    )


def test_a_single_failure_at_night_fires_nothing(tmp_path: Path):
    minutes = 8 * HOUR
    good = [1 if minute % 10 == 0 else 0 for minute in range(minutes)]
    bad = [int(minute == 6 * HOUR) for minute in range(minutes)]
    expected = [
        At(6 * HOUR + after, f"availability-burn-{speed}", fires=False)
        for after in (5, 20, 60)
        for speed in ("fast", "medium", "slow")
    ]
    assert_fires(tmp_path, {GOOD: counted(good), BAD: counted(bad)}, expected)


def test_who_watches_and_whom_a_limit_refuses_burn_nothing(tmp_path: Path):
    minutes = 90
    series = {
        GOOD: counted([100] * minutes),
        'http_requests_total{route="GET /api/v1/monitoring/health",status="500"}': counted([50] * minutes),
        'http_requests_total{route="GET /{path+}",status="500"}': counted([50] * minutes),
        'http_requests_total{route="POST /api/v1/search",status="429"}': counted([900] * minutes),
        'http_requests_total{route="POST /api/v1/search",status="404"}': counted([900] * minutes),
    }
    assert_fires(tmp_path, series, [At(80, "availability-burn-fast", fires=False)])


def durations(route: str, served: str, per_minute: int, within: dict[str, float], minutes: int = 90):
    labels = f'route="{route}",served="{served}"'
    name = "http_request_duration_seconds"
    buckets = {
        f'{name}_bucket{{{labels},le="{le}"}}': counted([per_minute * share] * minutes) for le, share in within.items()
    }
    return {**buckets, f"{name}_count{{{labels}}}": counted([per_minute] * minutes)}


@pytest.mark.parametrize("whole", ["1", "1.0"])  # as Prometheus 2 and 3 keep it
def test_slow_answers_and_slow_analyses_have_budgets_of_their_own(tmp_path: Path, whole: str):
    ten = f"{whole[0]}0{whole[1:]}"
    series = {
        **durations("POST /api/v1/search", "computed", 100, {whole: 0.2, ten: 1}),
        **durations("POST /api/v1/analyze", "computed", 100, {whole: 0, ten: 1}),
    }
    expected = [At(80, "latency-burn-fast", fires=True), At(80, "analysis-latency-burn-fast", fires=False)]
    assert_fires(tmp_path, series, expected)


def test_cached_analyses_are_answers_like_others(tmp_path: Path):
    series = {
        **durations("POST /api/v1/analyze", "cached", 100, {"1": 1, "10": 1}),
        **durations("POST /api/v1/analyze", "computed", 100, {"1": 0, "10": 0.2}),
    }
    expected = [At(80, "latency-burn-fast", fires=False), At(80, "analysis-latency-burn-fast", fires=True)]
    assert_fires(tmp_path, series, expected)


def test_analyses_that_fail_burn_the_budget_of_errors(tmp_path: Path):
    series = {
        'analyses_total{outcome="completed"}': counted([80] * 90),
        'analyses_total{outcome="failed"}': counted([20] * 90),
    }
    assert_fires(
        tmp_path, series, [At(80, "errors-burn-fast", fires=True), At(80, "availability-burn-fast", fires=False)]
    )
