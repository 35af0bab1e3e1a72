"""The six kinds of attack that inputs are looked at for."""

from typing import Final, Literal, get_args

Category = Literal[
    "xss", "sql_injection", "path_traversal", "crlf_injection", "template_injection", "command_injection"
]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
