"""The settings of logins."""

from dataclasses import dataclass

from brightspot.core.durations import Duration
from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """How long tokens and sessions last, and where the private keys are."""

    access: Duration = setting(
        "JWT_EXPIRES_IN", Duration("15m"), "how long an access token lasts, as in 15m or 24h", least=60, most=86_400
    )
    refresh: Duration = setting(
        "JWT_REFRESH_EXPIRES_IN", Duration("30d"), "how long a session lasts at most", least=3600, most=31_536_000
    )
    grace: Duration = setting(
        "JWT_REFRESH_GRACE",
        Duration("30s"),
        "how long a used token gives its successor again",
        least=0,
        most=300,
    )
    keys_file: str = setting("JWT_PRIVATE_KEYS_FILE", "", "path of private keys in PEM, readable by its owner only")
    keys_secret_arn: str = setting("JWT_PRIVATE_KEYS_SECRET_ARN", "", "Secrets Manager's ARN of private keys in PEM")
