"""Deadlines and isolated parallel work: one slow or failing part never takes the rest with it."""

from brightspot.resilience.deadline import Deadline
from brightspot.resilience.parallel import Outcome, run_all

__all__ = ["Deadline", "Outcome", "run_all"]
