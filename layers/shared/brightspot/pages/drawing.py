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
