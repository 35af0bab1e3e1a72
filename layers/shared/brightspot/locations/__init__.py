"""Locations: how good an address is as the site of a child-care centre, and why.

Each name is loaded when it is first used, with what it needs: a cached answer must not pay for scoring, nor a health
check for history.
"""

from typing import TYPE_CHECKING

from brightspot.core.faces import lazy_face

if TYPE_CHECKING:
    from brightspot.core.codec import dumps as encode
    from brightspot.core.ids import ID_PATTERN
    from brightspot.locations.addresses.errors import AddressError
    from brightspot.locations.analysis import Analysis, LiveTiming, decode
    from brightspot.locations.analysis_service import AnalysisService, service
    from brightspot.locations.answers import CACHE_TAGS, KeptAnalyses, is_cache_tag, shared_answers
    from brightspot.locations.batches.backend import answer_item, batch_service, put_item_off
    from brightspot.locations.batches.request import MOST_ADDRESSES, BatchRequest
    from brightspot.locations.batches.service import Asker, BatchService, Reply
    from brightspot.locations.batches.shapes import BatchAnswer, BatchedAnalysis, BatchError, BatchItem, BatchProgress
    from brightspot.locations.bulk.job import BULK_ANALYZE
    from brightspot.locations.bulk.request import MOST_INLINE, MOST_ROWS, BulkParameters
    from brightspot.locations.bulk.results import BulkResult, BulkScore
    from brightspot.locations.collectors.states import CollectorStates, breaker_names
    from brightspot.locations.comparison.request import LEAST_COMPARED, MOST_COMPARED, CompareRequest
    from brightspot.locations.comparison.service import compare_sites
    from brightspot.locations.comparison.shapes import Comparison, PairSensitivity
    from brightspot.locations.dataset.file import DatasetUnavailable, shared_dataset
    from brightspot.locations.dataset.points import CATEGORIES, COLLECTORS
    from brightspot.locations.health_probes import probes
    from brightspot.locations.mass.backend import mass_step
    from brightspot.locations.model import live_namespaces
    from brightspot.locations.past.backend import history, save_deferred
    from brightspot.locations.past.cleanup import clean_history
    from brightspot.locations.past.service import DEFAULT_LISTED, MOST_LISTED, HistoryRequest, past_analyses
    from brightspot.locations.past.shapes import FailedAnalysis, HistoryPage, PastAnalysis, Record
    from brightspot.locations.past.trends import (
        DEFAULT_TREND_DAYS,
        MOST_TREND_DAYS,
        TREND_METRICS,
        Trend,
        TrendPoint,
        TrendRequest,
        trend,
    )
    from brightspot.locations.personas import PERSONAS
    from brightspot.locations.report.page import security_policy
    from brightspot.locations.report.service import REPORT_FORMATS, Report, report_of, stored_report
    from brightspot.locations.report.words import PRECISIONS, value_text
    from brightspot.locations.request import (
        DEFAULT_PERSONA,
        DEFAULT_RADIUS_MILES,
        LEAST_RADIUS_MILES,
        MOST_RADIUS_MILES,
        AnalyzeRequest,
        RequestRefused,
    )
    from brightspot.locations.scoring.explain import Driver, drivers
    from brightspot.locations.search.kept import KeptSearches
    from brightspot.locations.search.request import (
        DEFAULT_FOUND,
        MOST_FOUND,
        MOST_SEARCH_MILES,
        Near,
        SearchRequest,
        ValueRange,
    )
    from brightspot.locations.search.service import search_zips
    from brightspot.locations.search.shapes import SearchResults


__all__ = [
    "BULK_ANALYZE",
    "CACHE_TAGS",
    "CATEGORIES",
    "COLLECTORS",
    "DEFAULT_FOUND",
    "DEFAULT_LISTED",
    "DEFAULT_PERSONA",
    "DEFAULT_RADIUS_MILES",
    "DEFAULT_TREND_DAYS",
    "ID_PATTERN",
    "LEAST_COMPARED",
    "LEAST_RADIUS_MILES",
    "MOST_ADDRESSES",
    "MOST_COMPARED",
    "MOST_FOUND",
    "MOST_INLINE",
    "MOST_LISTED",
    "MOST_RADIUS_MILES",
    "MOST_ROWS",
    "MOST_SEARCH_MILES",
    "MOST_TREND_DAYS",
    "PERSONAS",
    "PRECISIONS",
    "REPORT_FORMATS",
    "TREND_METRICS",
    "AddressError",
    "Analysis",
    "AnalysisService",
    "AnalyzeRequest",
    "Asker",
    "BatchAnswer",
    "BatchError",
    "BatchItem",
    "BatchProgress",
    "BatchRequest",
    "BatchService",
    "BatchedAnalysis",
    "BulkParameters",
    "BulkResult",
    "BulkScore",
    "CollectorStates",
    "CompareRequest",
    "Comparison",
    "DatasetUnavailable",
    "Driver",
    "FailedAnalysis",
    "HistoryPage",
    "HistoryRequest",
    "KeptAnalyses",
    "KeptSearches",
    "LiveTiming",
    "Near",
    "PairSensitivity",
    "PastAnalysis",
    "Record",
    "Reply",
    "Report",
    "RequestRefused",
    "SearchRequest",
    "SearchResults",
    "Trend",
    "TrendPoint",
    "TrendRequest",
    "ValueRange",
    "answer_item",
    "batch_service",
    "breaker_names",
    "clean_history",
    "compare_sites",
    "decode",
    "drivers",
    "encode",
    "history",
    "is_cache_tag",
    "live_namespaces",
    "mass_step",
    "past_analyses",
    "probes",
    "put_item_off",
    "report_of",
    "save_deferred",
    "search_zips",
    "security_policy",
    "service",
    "shared_answers",
    "shared_dataset",
    "stored_report",
    "trend",
    "value_text",
]

_HOMES = {
    "addresses.errors": "AddressError",
    "analysis": "Analysis LiveTiming decode",
    "analysis_service": "AnalysisService service",
    "answers": "CACHE_TAGS KeptAnalyses is_cache_tag shared_answers",
    "batches.backend": "answer_item batch_service put_item_off",
    "batches.request": "MOST_ADDRESSES BatchRequest",
    "batches.service": "Asker BatchService Reply",
    "batches.shapes": "BatchAnswer BatchError BatchItem BatchProgress BatchedAnalysis",
    "bulk.job": "BULK_ANALYZE",
    "bulk.request": "MOST_INLINE MOST_ROWS BulkParameters",
    "bulk.results": "BulkResult BulkScore",
    "collectors.states": "CollectorStates breaker_names",
    "comparison.request": "LEAST_COMPARED MOST_COMPARED CompareRequest",
    "comparison.service": "compare_sites",
    "comparison.shapes": "Comparison PairSensitivity",
    "dataset.file": "DatasetUnavailable shared_dataset",
    "dataset.points": "CATEGORIES COLLECTORS",
    "health_probes": "probes",
    "mass.backend": "mass_step",
    "model": "live_namespaces",
    "past.backend": "history save_deferred",
    "past.cleanup": "clean_history",
    "past.service": "DEFAULT_LISTED MOST_LISTED HistoryRequest past_analyses",
    "past.shapes": "FailedAnalysis HistoryPage PastAnalysis Record",
    "past.trends": "DEFAULT_TREND_DAYS MOST_TREND_DAYS TREND_METRICS Trend TrendPoint TrendRequest trend",
    "personas": "PERSONAS",
    "report.page": "security_policy",
    "report.service": "REPORT_FORMATS Report report_of stored_report",
    "report.words": "PRECISIONS value_text",
    "request": (
        "DEFAULT_PERSONA DEFAULT_RADIUS_MILES LEAST_RADIUS_MILES MOST_RADIUS_MILES AnalyzeRequest RequestRefused"
    ),
    "scoring.explain": "Driver drivers",
    "search.kept": "KeptSearches",
    "search.request": "DEFAULT_FOUND MOST_FOUND MOST_SEARCH_MILES Near SearchRequest ValueRange",
    "search.service": "search_zips",
    "search.shapes": "SearchResults",
}
_ELSEWHERE = {"encode": ("brightspot.core.codec", "dumps"), "ID_PATTERN": ("brightspot.core.ids", "ID_PATTERN")}
__getattr__ = lazy_face(__name__, _HOMES, _ELSEWHERE)
