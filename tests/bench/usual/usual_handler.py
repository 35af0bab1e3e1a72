"""The usual handler: every library imported at the top, every tool made at import.

Kinder to itself than most: no decorator of Powertools around the handler, no boto3 client before one is needed, and
the tracer patches what leaves the process only.
"""

import json
import os
from datetime import timedelta
from typing import Any

import boto3
import redis
from aws_lambda_powertools import Logger, Metrics, Tracer
from backports import zstd
from fastapi import FastAPI
from mangum import Mangum
from pynamodb.attributes import BinaryAttribute, MapAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.models import Model
from usual_app import app

__all__ = ["FastAPI", "boto3", "handler", "redis"]

logger = Logger(service="usual")
metrics = Metrics(namespace="usual", service="usual")
tracer = Tracer(service="usual", patch_modules=["botocore", "pynamodb"])  # by default it would trace SQLite, too
DAYS = 90


class Row(Model):
    """One analysis."""

    class Meta:
        table_name = os.environ.get("USUAL_TABLE", "usual")
        region = os.environ["AWS_REGION"]
        host = os.environ.get("AWS_ENDPOINT_URL")

    id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute()
    address = UnicodeAttribute()
    persona = UnicodeAttribute()
    created_at = UnicodeAttribute()
    scores: MapAttribute[str, float] = MapAttribute()
    data_points_collected = NumberAttribute()
    expires_at = TTLAttribute()
    body = BinaryAttribute(legacy_encoding=False)


def record(analysis: dict[str, Any]) -> None:
    """Save a new analysis with every score."""
    Row(
        id=analysis["id"],
        place=analysis["address"].upper(),
        address=analysis["address"],
        persona=analysis["persona"],
        created_at=analysis["created_at"],
        scores={name: each["score"] for name, each in analysis["categories"].items()},
        data_points_collected=analysis["data_points_collected"],
        expires_at=timedelta(days=DAYS),
        body=zstd.compress(json.dumps(analysis).encode()),
    ).save(condition=Row.id.does_not_exist())
    logger.info("analysis_recorded", extra={"analysis_id": analysis["id"]})


if "USUAL_TABLE" in os.environ:
    app.state.record = record
handler = Mangum(app, lifespan="off")
