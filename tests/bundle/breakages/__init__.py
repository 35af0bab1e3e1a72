"""What is taken from the bundle that owes nothing, one thing at a time, and how the rule that misses it says so."""

from tests.bundle.breakages import around, calls, functions, policies
from tests.bundle.breakages.change import Breakage

__all__ = ["BREAKAGES", "Breakage"]

BREAKAGES = [*functions.BREAKAGES, *calls.BREAKAGES, *policies.BREAKAGES, *around.BREAKAGES]
