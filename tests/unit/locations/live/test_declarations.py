"""Every live source declares what the rest of the system goes by, and the page of sources says the same."""

import re
from pathlib import Path

import pytest

from brightspot.core.errors import SettingsError
from brightspot.locations import COLLECTORS, breaker_names, live_namespaces, shared_dataset
from brightspot.locations.collectors.live import sources
from brightspot.locations.collectors.live.registry import source_of
from brightspot.locations.collectors.live.settings import settings_of
from brightspot.locations.dataset.live_points import EVERY_POINT, LIVE_POINTS
from brightspot.locations.dataset.points import BY_NAME
from brightspot.locations.model import LIVE_SOURCES, live_sources
from brightspot_local.live_sources import PAGE, filled

DATASET = shared_dataset()


@pytest.fixture
def switched(monkeypatch):
    def switch(*names):
        for name in names:
            monkeypatch.setenv(f"LIVE_{name.upper()}_ENABLED", "true")
        live_sources.cache_clear()

    yield switch
    live_sources.cache_clear()


def test_every_module_of_sources_is_a_source_with_a_switch():
    modules = {each.stem for each in Path(sources.__file__).parent.glob("*.py")} - {"__init__"}
    assert modules == set(LIVE_SOURCES)
    assert list(LIVE_SOURCES) == sorted(LIVE_SOURCES)


def test_all_are_off_by_default(switched):
    switched()
    assert live_sources() == ()
    assert breaker_names() == COLLECTORS
    assert live_namespaces() == ()


def test_one_that_is_on_has_a_breaker_and_a_namespace(switched):
    switched("overpass")
    assert live_sources() == ("overpass",)
    assert breaker_names() == (*COLLECTORS, "overpass")
    assert live_namespaces() == ("live-overpass",)


@pytest.mark.parametrize("name", LIVE_SOURCES)
def test_a_source_declares_itself_by_its_name(name):
    facts = source_of(name).facts
    assert facts.id == name
    assert re.fullmatch("[a-z][a-z0-9_]{1,30}", name)
    assert name not in {*COLLECTORS, *DATASET.sources}
    assert facts.url.startswith("https://")
    assert not facts.url.endswith("/")
    assert facts.limits
    assert all((facts.name, facts.licence, facts.credit, facts.terms))
    assert 0 < facts.timeout_seconds <= 20
    assert facts.stale_hours > 0


@pytest.mark.parametrize("name", LIVE_SOURCES)
def test_every_point_it_tells_is_in_the_catalogue_with_the_datasets_unit(name):
    for point, unit in source_of(name).facts.gives.items():
        assert point in EVERY_POINT
        if point in DATASET.fields:
            assert unit == DATASET.fields[point].unit


def test_no_two_sources_tell_the_same_point():
    told = [point for name in LIVE_SOURCES for point in source_of(name).facts.gives]
    assert len(told) == len(set(told))


def test_every_live_point_has_a_source_and_none_is_scored():
    told = {point for name in LIVE_SOURCES for point in source_of(name).facts.gives}
    assert {point.name for point in LIVE_POINTS} <= told
    assert all((point.direction, point.weight) == ("context", 0) for point in LIVE_POINTS)
    assert {point.name for point in LIVE_POINTS}.isdisjoint(BY_NAME)


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "https://", "/etc/passwd"])
def test_a_base_url_that_is_none_is_refused_at_the_start(monkeypatch, url):
    monkeypatch.setenv("LIVE_OVERPASS_URL", url)
    with pytest.raises(SettingsError, match="LIVE_OVERPASS_URL"):
        settings_of(source_of("overpass").facts)


def test_a_key_is_not_shown(monkeypatch):
    monkeypatch.setenv("LIVE_CENSUS_ACS_KEY", "very-secret")
    settings = settings_of(source_of("census_acs").facts)
    assert settings.key == "very-secret"
    assert "very-secret" not in repr(settings)


def test_the_page_is_what_make_live_sources_writes():
    text = PAGE.read_text()
    assert filled(text) == text
    assert all(f"`LIVE_{name.upper()}_ENABLED`" in text for name in LIVE_SOURCES)


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="no place for the table of terms"):
        filled(PAGE.read_text().replace("<!-- /terms -->", ""))
