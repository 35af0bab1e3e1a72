"""The built template deployed to MiniStack, proved over HTTP, and deleted again."""

from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.deploy.run import Asked, deploy

__all__ = ["Asked", "DeployFailed", "deploy"]
