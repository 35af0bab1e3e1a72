"""Protection: how deep and how long JSON may be, and whether what was sent looks like an attack.

Nothing here compiles a pattern before an input has a character or word that one could begin with.
"""

from brightspot.protection.categories import CATEGORIES, Category
from brightspot.protection.examination import Finding, Part, Verdict, examine
from brightspot.protection.plain import Kind, is_plain
from brightspot.protection.settings import ProtectionSettings
from brightspot.protection.structure import Structure

__all__ = [
    "CATEGORIES",
    "Category",
    "Finding",
    "Kind",
    "Part",
    "ProtectionSettings",
    "Structure",
    "Verdict",
    "examine",
    "is_plain",
]
