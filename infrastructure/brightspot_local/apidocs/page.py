"""The API description as one plain page: readable without a script, with a form per route for those who have one."""

import re
from html import escape
from json import dumps
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} API</title>
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
</head>
<body>
<header><h1>{title} API <small>{version}</small></h1><p>{about}</p>
<p><a href="/openapi.json">openapi.json</a></p></header>
<main>
{routes}
<section id="schemas"><h2>Shapes</h2>
{schemas}
</section>
</main>
</body>
</html>
"""


def render(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    routes = [
        _route(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    info = document["info"]
    return _PAGE.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        about=escape(info["description"]),
        routes="\n".join(routes),
        schemas="\n".join(schemas),
    )


def _prose(text: str) -> str:
    """Text with `names` in the type of code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _route(path: str, method: str, operation: dict[str, Any]) -> str:
    name = f"{method.upper()} {path}"
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{_prose(answer['description'])}</td><td>{_links(answer)}</td></tr>"
        for status, answer in sorted(operation["responses"].items())
    )
    return (
        f'<section class="route"><h2><code>{escape(name)}</code> {escape(operation["summary"])}</h2>'
        f"<p>{_prose(operation.get('description', ''))}</p>{_form(path, method, operation)}"
        f"<table><thead><tr><th>Status</th><th>Meaning</th><th>Shape</th></tr></thead><tbody>{answers}</tbody></table>"
        "</section>"
    )


def _form(path: str, method: str, operation: dict[str, Any]) -> str:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = body.get("schema", {}).get("examples") or body.get("examples") or []
    text = escape(dumps(examples[0], indent=2)) if examples else ""
    area = f'<textarea rows="6" aria-label="Request body" spellcheck="false">{text}</textarea>' if body else ""
    shape = f"<p>Body: {_reference(body['schema'])}</p>" if body else ""
    return (
        f'{shape}<form class="try" data-method="{method.upper()}" data-path="{escape(path)}">{area}'
        "<button>Try it</button><output></output></form>"
    )


def _links(answer: dict[str, Any]) -> str:
    return ", ".join(_reference(content.get("schema", {})) for content in answer.get("content", {}).values())


def _reference(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(_reference(each) for each in schema[key])
    if "enum" in schema:
        return " | ".join(escape(str(value)) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_reference(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_reference(schema['additionalProperties'])}"
    return escape(str(schema.get("type", "any")))


def _schema(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code>{'' if field in required else ' (optional)'}</td>"
        f"<td>{_reference(shape)}</td><td>{_prose(shape.get('description', ''))}</td></tr>"
        for field, shape in schema.get("properties", {}).items()
    )
    return (
        f'<article id="{escape(name)}"><h3>{escape(name)}</h3><p>{_prose(schema.get("description", ""))}</p>'
        f"<table><tbody>{rows}</tbody></table></article>"
    )
