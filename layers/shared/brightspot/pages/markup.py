"""Elements of HTML and SVG as text: whatever is not an element itself is escaped."""

import re
from html import escape
from typing import Final

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "�"


class Markup(str):
    """Text that is markup already; only this module and constants of the page's own make it."""

    __slots__ = ()


def text(content: str) -> Markup:
    """Text as it may stand between tags and inside quotes; characters that XML does not know become U+FFFD."""
    return Markup(escape(_NOT_XML.sub(_REPLACEMENT, content)))


def element(name: str, /, *content: str, **attributes: object) -> Markup:
    """One element. Content that is no Markup is escaped, and so is every attribute.

    `class_` is `class`, `aria_label` is `aria-label`; an attribute of None is left out, a float has one decimal.
    """
    given = "".join(
        f' {_attribute(key)}="{text(_number(value) if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{joined(*content)}</{name}>" if content else f"<{name}{given}/>")


def joined(*content: str) -> Markup:
    """Pieces one after the other, each escaped unless it is Markup."""
    return Markup("".join(each if isinstance(each, Markup) else text(each) for each in content))


def figure(name: str, title: str, description: str, width: float, height: float, *content: str) -> Markup:
    """An SVG picture that reads itself out: `title` names it, `description` says what it shows in words.

    `name` is its id and unique on the page.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        id=name,
        class_="figure",
    )


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
