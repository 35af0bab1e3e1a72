"""A strict reader of the structured fields (RFC 9651) that our headers use: lists of items with parameters."""

import re

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_INTEGER = re.compile(r"-?[0-9]{1,15}(?![0-9.])")
_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*")


def read_list(text):
    """[(value, {parameter: value})] of an sf-list; inner lists, decimals, bytes, booleans and dates are not read."""
    items, at = [], _spaces(text, 0)
    while True:
        item, at = _item(text, at)
        items.append(item)
        at = _blank(text, at)
        if at == len(text):
            return items
        if text[at] != ",":
            raise ValueError(f"a comma should stand at {at} of {text!r}")
        at = _blank(text, at + 1)
        if at == len(text):
            raise ValueError("a comma ends the list")


def _item(text, at):
    value, at = _bare(text, at)
    parameters = {}
    while text[at : at + 1] == ";":
        at = _spaces(text, at + 1)
        key = _take(_KEY, text, at)
        at = key.end()
        parameters[key[0]] = True
        if text[at : at + 1] == "=":
            parameters[key[0]], at = _bare(text, at + 1)
    return (value, parameters), at


def _bare(text, at):
    if text[at : at + 1] == '"':
        found = _take(_STRING, text, at)
        return re.sub(r"\\(.)", r"\1", found[1]), found.end()
    if text[at : at + 1].isdigit() or text[at : at + 1] == "-":
        found = _take(_INTEGER, text, at)
        return int(found[0]), found.end()
    found = _take(_TOKEN, text, at)
    return found[0], found.end()


def _take(pattern, text, at):
    found = pattern.match(text, at)
    if found is None:
        raise ValueError(f"{text!r} is no structured field at {at}")
    return found


def _spaces(text, at):
    return at + len(text[at:]) - len(text[at:].lstrip(" "))


def _blank(text, at):
    return at + len(text[at:]) - len(text[at:].lstrip(" \t"))
