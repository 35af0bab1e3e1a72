"""Reads a secret of Secrets Manager; every failure is a SecretUnavailable."""

from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import SecretUnavailable


def read_secret(arn: str, settings: StoreSettings) -> bytes:
    """The current text of a secret. Raises SecretUnavailable, which names the secret and nothing that it holds."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only its reader pays

    try:
        client = aws_client("secretsmanager", settings)
        answer = once_more_if_closed(lambda: client.get_secret_value(SecretId=arn))
    except (BotoCoreError, ClientError) as error:
        raise SecretUnavailable.because(arn, error) from error
    text: str = answer.get("SecretString", "")
    return text.encode()
