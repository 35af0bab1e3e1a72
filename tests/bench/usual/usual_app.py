"""The usual app: FastAPI, redis.asyncio, pydantic in and out; the analysis itself is Brightspot's own.

Everything is made at import, as handlers usually do. `handler` is the app behind Mangum and nothing else.
"""

import hashlib
import json
import os
import time
from typing import Any

import msgspec
import redis.asyncio as redis
from fastapi import FastAPI, HTTPException, Request, Response
from mangum import Mangum
from usual_models import Analysis, Body

from brightspot import locations

LIMIT = 100
WINDOW_SECONDS = 60
KEPT_SECONDS = 24 * 3600

store = redis.from_url(os.environ["REDIS_URL"])
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.state.record = None  # what saves an analysis; the whole handler has one, the bare app has none


async def limit(request: Request, response: Response) -> None:
    """Count the caller in a fixed window: one pipeline."""
    client = request.client.host if request.client else "unknown"
    key = f"usual:limit:{client}"
    async with store.pipeline(transaction=False) as pipeline:
        used, _ = await pipeline.incr(key).expire(key, WINDOW_SECONDS, nx=True).execute()
    if used > LIMIT:
        raise HTTPException(429, "Rate limit exceeded")
    response.headers["X-RateLimit-Limit"] = str(LIMIT)
    response.headers["X-RateLimit-Remaining"] = str(LIMIT - used)
    response.headers["X-Request-Id"] = request.scope["aws.context"].aws_request_id


@app.post("/api/v1/analyze", response_model=Analysis, response_model_exclude_unset=True)
async def analyze(body: Body, request: Request, response: Response) -> Any:
    """The kept answer, else a new one, recorded and kept."""
    await limit(request, response)
    key = f"usual:analysis:{hashlib.sha256(body.model_dump_json().encode()).hexdigest()}"
    kept = await store.get(key)
    if kept is not None:
        entry = json.loads(kept)
        age = time.time() - entry["at"]
        return {**entry["analysis"], "cached": True, "cache_hit": True, "cache_age_seconds": age}
    asked = locations.AnalyzeRequest(body.address, body.radius_miles, body.persona, body.weights)
    analysis = msgspec.to_builtins(locations.service().analyze(asked))
    if app.state.record is not None:
        app.state.record(analysis)
    await store.set(key, json.dumps({"at": time.time(), "analysis": analysis}), ex=KEPT_SECONDS)
    return analysis


handler = Mangum(app, lifespan="off")
