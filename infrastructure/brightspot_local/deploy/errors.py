"""Why a local deployment failed."""


class DeployFailed(Exception):
    """A step did not do what it should; the message says which, and why."""
