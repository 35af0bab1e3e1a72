"""Pages that stand alone: HTML and SVG as text that is escaped, in one document that loads nothing and runs nothing."""

from brightspot.pages.document import document, policy_of, style_policy
from brightspot.pages.drawing import hatching, label, rectangle, upright
from brightspot.pages.markup import Markup, element, figure, joined, text

__all__ = [
    "Markup",
    "document",
    "element",
    "figure",
    "hatching",
    "joined",
    "label",
    "policy_of",
    "rectangle",
    "style_policy",
    "text",
    "upright",
]
