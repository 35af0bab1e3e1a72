"""The shipped API description is what the routers say, and the template routes what it describes."""

import json
import re

from openapi_spec_validator import OpenAPIV31SpecValidator

from brightspot import locations
from brightspot.core.codec import dumps, loads
from brightspot_local.access import declared
from brightspot_local.apidocs.__main__ import ASSETS, rendered
from brightspot_local.dev.template import load, routes
from tests.integration.http.matrix import MATRIX

UNDESCRIBED = {"GET /docs", "GET /docs/{asset}", "GET /openapi.json", "GET /{path}", "POST /{path}"}


def test_the_shipped_description_and_page_are_in_step_with_the_routers():
    for name, content in rendered().items():
        assert (ASSETS / name).read_bytes() == content, f"run: python -m brightspot_local.apidocs ({name})"


def test_every_described_route_is_in_the_template():
    described = json.loads((ASSETS / "openapi.json").read_bytes())["paths"]
    keys = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    assert keys == {route.key.replace("+}", "}") for route in routes(load())} - UNDESCRIBED


def test_every_route_tells_what_its_way_in_can_refuse_it_with():
    paths = json.loads((ASSETS / "openapi.json").read_bytes())["paths"]
    of_method = {"GET": set(), "DELETE": set(), "PUT": {400, 415, 422}, "POST": {400, 415, 422}}
    for route in declared():
        if route_key(route).replace("+}", "}") in UNDESCRIBED:
            continue
        told = paths[route.path.replace("+}", "}")][route.method.lower()]["responses"]
        guarded = {"public": set(), "user": {401}}.get(route.need, {401, 403})
        closed = set() if route.method == "GET" or route.need == "admin" else {503}  # under maintenance
        wanted = {413, 414, 429, 431} | guarded | closed | of_method[route.method]
        assert {str(each) for each in wanted} <= told.keys(), route_key(route)


def test_every_route_tells_how_to_say_who_calls_and_with_which_permission():
    document = json.loads((ASSETS / "openapi.json").read_bytes())
    schemes = document["components"]["securitySchemes"]
    assert {name: each["type"] for name, each in schemes.items()} == {"accessToken": "http", "apiKey": "apiKey"}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            need = MATRIX[f"{method.upper()} {path}"].need
            roles = [] if need == "user" else [need]
            assert operation["security"] == ([] if need == "public" else [{name: roles} for name in schemes]), path


def route_key(route):
    return f"{route.method} {route.path}"


def test_every_reference_in_the_description_leads_somewhere():
    text = (ASSETS / "openapi.json").read_text()
    schemas = json.loads(text)["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= set(schemas)


def test_a_real_analysis_has_exactly_the_described_members():
    schemas = json.loads((ASSETS / "openapi.json").read_bytes())["components"]["schemas"]
    body = loads(dumps(locations.service().analyze(locations.AnalyzeRequest("55901"))))
    described = schemas["Analysis"]
    assert set(described["required"]) <= set(body) <= set(described["properties"])
    for category in body["categories"].values():
        for point in category["points"].values():
            assert set(schemas["PointResult"]["required"]) <= set(point) <= set(schemas["PointResult"]["properties"])


def test_a_validator_finds_nothing_wrong_with_the_description_and_something_with_a_broken_one():
    document = json.loads((ASSETS / "openapi.json").read_bytes())
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    del document["paths"]["/health"]["get"]["responses"]["200"]["description"]
    assert len(list(OpenAPIV31SpecValidator(document).iter_errors())) == 1
