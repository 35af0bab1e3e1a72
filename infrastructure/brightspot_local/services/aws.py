"""Clients of the local AWS, which take no credentials, profiles or endpoints from anywhere else."""

from typing import Any

from botocore.config import Config
from botocore.session import Session

from brightspot_local.dev.intrinsics import REGION

ACCESS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}  # nosec B105  # for an emulator
# A caller's own would let functions reach a real account, or refuse to start.
ELSEWHERE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION")


def new_session() -> Session:
    """A session that knows nothing of the caller's; several clients of one are made four times as fast."""
    session = Session(session_vars={"profile": (None, None, None, None)})  # not even AWS_PROFILE's
    session.set_config_variable("config_file", "/dev/null")
    session.set_config_variable("credentials_file", "/dev/null")
    return session


def client(service: str, endpoint: str, session: Session | None = None) -> Any:
    """A botocore client; make one per thread that needs it, for making them is not safe to do at once."""
    return (session or new_session()).create_client(
        service,
        REGION,
        endpoint_url=endpoint,
        aws_access_key_id=ACCESS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ACCESS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2, "mode": "standard"}),
    )
