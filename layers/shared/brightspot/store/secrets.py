"""Reads a secret of Secrets Manager; every failure is a SecretUnavailable."""

from brightspot.store.aws import StoreSettings, once_more_if_closed
from brightspot.store.errors import SecretUnavailable


def read_secret(arn: str, settings: StoreSettings) -> bytes:
    """The current text of a secret. Raises SecretUnavailable, which names the secret and nothing that it holds."""
    from botocore.config import Config  # noqa: PLC0415  # 300 ms that only its reader pays
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from botocore.session import get_session  # noqa: PLC0415

    config = Config(
        connect_timeout=settings.connect_ms / 1000,
        read_timeout=settings.read_ms / 1000,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    try:
        client = get_session().create_client(
            "secretsmanager", settings.region, endpoint_url=settings.endpoint_url or None, config=config
        )
        answer = once_more_if_closed(lambda: client.get_secret_value(SecretId=arn))
    except (BotoCoreError, ClientError) as error:
        raise SecretUnavailable.because(arn, error) from error
    text: str = answer.get("SecretString", "")
    return text.encode()
