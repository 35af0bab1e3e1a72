"""Requests become the events that API Gateway would send, and answers become HTTP."""

import base64

import pytest

from brightspot_local.dev.events import Request, answer, decoded_path, event, match
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import Route, TemplateError, functions, routes

ROUTE = Route("POST", "/api/v1/analyze", "Analyze")


def request(**changes):
    whole = {
        "method": "POST",
        "path": "/api/v1/analyze",
        "query": "",
        "headers": [],
        "body": b"",
        "client": "127.0.0.1",
    }
    return Request(**{**whole, **changes})


def test_a_json_body_travels_as_text_and_any_other_as_base64():
    json_event = event(request(body=b'{"a": 1}', headers=[("content-type", "application/json")]), ROUTE, {})
    assert (json_event["body"], json_event["isBase64Encoded"]) == ('{"a": 1}', False)
    binary = event(request(body=b"\xff\x00", headers=[("content-type", "application/zip")]), ROUTE, {})
    assert (base64.b64decode(binary["body"]), binary["isBase64Encoded"]) == (b"\xff\x00", True)


def test_repeated_headers_and_parameters_are_joined_and_cookies_stand_apart():
    made = event(
        request(query="a=1&a=2&b=", headers=[("x-a", "1"), ("x-a", "2"), ("cookie", "k=v; l=w")]), ROUTE, {"id": "7"}
    )
    assert made["headers"] == {"x-a": "1,2"}
    assert made["queryStringParameters"] == {"a": "1,2", "b": ""}
    assert made["cookies"] == ["k=v", "l=w"]
    assert made["pathParameters"] == {"id": "7"}


def test_what_is_empty_is_absent():
    assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & event(request(), ROUTE, {}).keys()


def test_the_raw_path_arrives_decoded_and_cut_at_a_decoded_question_mark():
    assert decoded_path("/history/12%20Main%20St%2C%20A") == "/history/12 Main St, A"
    assert decoded_path("/history/what%3Fnow") == "/history/what"


def test_the_most_specific_route_wins():
    template = {
        "Resources": {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Events": {
                        name: {"Type": "HttpApi", "Properties": {"Method": "get", "Path": path}}
                        for name, path in {"a": "/h/{rest+}", "b": "/h/{id}", "c": "/h/fixed"}.items()
                    }
                },
            }
        }
    }
    table = routes(template)
    chosen = [match(table, "GET", path) for path in ("/h/fixed", "/h/7", "/h/7/8", "/other")]
    assert [found and (found[0].path, found[1]) for found in chosen] == [
        ("/h/fixed", {}),
        ("/h/{id}", {"id": "7"}),
        ("/h/{rest+}", {"rest": "7/8"}),
        None,
    ]
    assert match(table, "POST", "/h/fixed") is None


def test_an_answer_without_a_status_is_a_json_body():
    assert answer({"a": 1}).body == b'{"a": 1}'
    assert answer({"statusCode": 201, "body": "eA==", "isBase64Encoded": True}).body == b"x"


def test_a_variable_that_has_no_value_here_stops_the_start_with_its_name():
    template = {
        "Resources": {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "CodeUri": "functions/f/",
                    "Handler": "f_handler.handler",
                    "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
                },
            }
        }
    }
    with pytest.raises(TemplateError, match=r"F\.TABLE: Table has no value"):
        functions(Intrinsics(template, {}))
