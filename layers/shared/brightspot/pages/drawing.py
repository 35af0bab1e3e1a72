"""The strokes that charts are made of; what they look like is said by the class of each in the page's style."""

from brightspot.pages.markup import Markup, element


def label(content: str, x: float, y: float, kind: str) -> Markup:
    """Words at a point."""
    return element("text", content, x=float(x), y=float(y), class_=kind)


def rectangle(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    """A bar, or the ground of one."""
    return element("rect", x=float(x), y=float(y), width=float(width), height=float(height), class_=kind)


def upright(x: float, top: float, bottom: float, kind: str) -> Markup:
    """A vertical line."""
    return element("path", d=f"M{x:.1f} {top:.1f}V{bottom:.1f}", class_=kind)


def hatching() -> Markup:
    """The fill that is told from a solid one in grey-scale too; once on the page, before the charts."""
    line = element("path", d="M0 6L6 0", class_="hatch")
    pattern = element("pattern", line, id="hatch", width=6, height=6, patternUnits="userSpaceOnUse")
    return element("svg", element("defs", pattern), width=0, height=0, class_="defs", aria_hidden="true")
