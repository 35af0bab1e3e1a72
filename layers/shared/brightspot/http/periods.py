"""The body of a request that names a period to report on."""

from pydantic import BaseModel, ConfigDict, Field


class PeriodBody(BaseModel):
    """Which period: the last whole day when nothing is said."""

    model_config = ConfigDict(extra="forbid", strict=True)

    period: str | None = Field(default=None, description="day: the last whole day (UTC); week: the last seven.")
    since: str | None = Field(
        default=None, alias="from", description="Instead of a period: from this date (UTC) or RFC 3339 time on."
    )
    until: str | None = Field(
        default=None,
        alias="to",
        description="Up to this date (UTC) inclusively, or this RFC 3339 time; 40 days at most, in whole hours.",
    )
