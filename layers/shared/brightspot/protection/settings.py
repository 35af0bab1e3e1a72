"""What is done about inputs that look like an attack, and how large the structure of JSON may be."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class ProtectionSettings:
    """Scores are those of OWASP's Core Rule Set: 5 for what is an attack by itself, less for a hint."""

    enabled: bool = setting("INPUT_PROTECTION", True, "whether inputs are looked at for attacks")
    block: bool = setting("INPUT_PROTECTION_BLOCK", False, "whether requests that reach the threshold are refused")
    threshold: int = setting("INPUT_PROTECTION_THRESHOLD", 5, "score from which on a request is refused", least=1)
    depth: int = setting("JSON_MAX_DEPTH", 10, "objects and arrays inside one another, at most", least=1, most=500)
    items: int = setting("JSON_MAX_ITEMS", 500, "items of one array, or members of one object, at most", least=1)
    elements: int = setting("JSON_MAX_ELEMENTS", 2000, "items and members of a whole body, at most", least=1)
