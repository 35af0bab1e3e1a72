"""The analysis as pydantic models: what the usual handler declares as its response."""

from typing import Literal

from pydantic import BaseModel, Field


class Body(BaseModel):
    address: str
    radius_miles: float = Field(default=3.0, ge=0.5, le=25)
    persona: str = "business"
    weights: dict[str, float] | None = None


class Point(BaseModel):
    value: float | None
    unit: str
    percentile: float | None
    direction: Literal["higher_is_better", "lower_is_better", "context"]
    contribution: float
    source: str
    vintage: str
    level: Literal["site", "zip", "county", "metro", "state"]
    kind: Literal["observed", "estimated", "derived"]
    bound: Literal["at_least", "at_most"] | None = None


class Category(BaseModel):
    score: float | None
    weight: float
    status: Literal["scored", "proxy", "insufficient"]
    confidence: float
    points: dict[str, Point]


class Alternative(BaseModel):
    zip: str
    city: str
    state: str
    population: int | None
    miles: float


class Location(BaseModel):
    lat: float
    lon: float
    zip: str | None
    city: str
    state: str
    county: str | None
    precision: Literal["zip_centroid", "city_centroid", "po_box_zip"]
    uncertainty_miles: float
    alternatives: list[Alternative]
    notes: list[str]


class Missing(BaseModel):
    category: str
    point: str
    reason: str


class SourceUsed(BaseModel):
    name: str
    vintage: str
    licence: str
    credit: str


class Model(BaseModel):
    id: str
    version: str
    variant: str


class Timing(BaseModel):
    ms: float
    status: Literal["ok", "failed", "timeout"]
    source: str


class Performance(BaseModel):
    total_ms: float
    collectors: dict[str, Timing]


class Analysis(BaseModel):
    id: str
    address: str
    created_at: str
    status: Literal["completed"]
    persona: str
    radius_miles: float
    execution_time_seconds: float
    location: Location
    overall_score: float | None
    confidence: float
    categories: dict[str, Category]
    data_points_collected: int
    missing: list[Missing]
    sources: list[SourceUsed]
    model: Model
    performance: Performance
    cached: bool
    cache_hit: bool
    cache_age_seconds: float | None = None
