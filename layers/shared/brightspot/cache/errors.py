"""What the cache raises."""

from brightspot.core.errors import BrightspotError


class ComputeTimedOut(BrightspotError):
    """A value was neither computed in time nor had from whoever computes it, and there is no old one to give."""


class NotKeepable(BrightspotError, TypeError):
    """The codec cannot hold what the function returned, or not as the type it says: a defect, never hidden."""
