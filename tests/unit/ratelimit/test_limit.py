"""A limit, its text and its bounds."""

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.ratelimit import Limit, RateLimitSettings, per_minute


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (per_minute(30), "30 per 1 minute"),
        (Limit(5, 1), "5 per 1 second"),
        (Limit(5, 90), "5 per 90 seconds"),
        (Limit(100, 120), "100 per 2 minutes"),
        (Limit(1000, 3600), "1000 per 1 hour"),
        (Limit(7, 86400), "7 per 1 day"),
        (Limit(5, 0.2), "5 per 0.2 second"),
    ],
)
def test_a_limit_reads_as_the_api_tells_it(limit, text):
    assert str(limit) == text


@pytest.mark.parametrize(("count", "seconds"), [(0, 60), (-1, 60), (1, 0), (1, -1), (1, float("nan"))])
def test_a_limit_that_limits_nothing_is_refused(count, seconds):
    with pytest.raises(ValueError, match="positive"):
        Limit(count, seconds)


@pytest.mark.parametrize(
    ("environ", "limit"),
    [
        ({}, per_minute(100)),
        ({"MAX_REQUESTS_PER_MINUTE": "50"}, per_minute(50)),
        ({"RATE_LIMIT_MAX_REQUESTS": "20"}, per_minute(20)),
        ({"MAX_REQUESTS_PER_MINUTE": "40", "RATE_LIMIT_MAX_REQUESTS": "40"}, per_minute(40)),
        (
            {"MAX_REQUESTS_PER_MINUTE": "40", "RATE_LIMIT_MAX_REQUESTS": "20", "RATE_LIMIT_WINDOW_MS": "30000"},
            Limit(20, 30),
        ),
        ({"RATE_LIMIT_MAX_REQUESTS": "20", "RATE_LIMIT_WINDOW_MS": "1500"}, Limit(20, 1.5)),
        ({"RATE_LIMIT_WINDOW_MS": "30000"}, Limit(100, 30)),
    ],
)
def test_each_name_of_the_default_limit_says_it(environ, limit):
    assert load(RateLimitSettings, environ).default == limit


def test_two_names_of_the_default_limit_that_disagree_are_both_told():
    settings = load(RateLimitSettings, {"MAX_REQUESTS_PER_MINUTE": "50", "RATE_LIMIT_MAX_REQUESTS": "20"})
    with pytest.raises(SettingsError, match=r"MAX_REQUESTS_PER_MINUTE=50 and RATE_LIMIT_MAX_REQUESTS=20 .* disagree"):
        _ = settings.default
