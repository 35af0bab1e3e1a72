"""Where messages go: a signed webhook and an SNS topic, and one more of each for what nobody acknowledged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final, Protocol

from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.operations.alerting.board import Parcel
from brightspot.operations.alerting.message import as_json, as_text, event_of, subject_of
from brightspot.operations.alerting.plan import Plan
from brightspot.resilience import Deadline
from brightspot.store import StoreSettings, Topics, read_secret
from brightspot.webhooks import Webhook, Webhooks, shared_webhooks

_SHORTEST_SECRET: Final = 16


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told of alerts besides those whom CloudWatch's alarms tell. URLs may hold a secret, and are not shown."""

    webhook: str = setting("ALERT_WEBHOOK_URL", "", "URL that alerts are posted to", secret=True)
    topic: str = setting("ALERT_TOPIC_ARN", "", "SNS topic that alerts are published to")
    escalation_webhook: str = setting(
        "ALERT_ESCALATION_WEBHOOK_URL", "", "URL that pages nobody acknowledged are posted to", secret=True
    )
    escalation_topic: str = setting(
        "ALERT_ESCALATION_TOPIC_ARN", "", "SNS topic that pages nobody acknowledged are published to"
    )
    secret: str = setting("ALERT_WEBHOOK_SECRET", "", "what webhooks are signed with", secret=True)
    secret_arn: str = setting("ALERT_WEBHOOK_SECRET_ARN", "", "Secrets Manager's ARN of what webhooks are signed with")
    repeat_minutes: int = setting(
        "ALERT_REPEAT_MINUTES", 240, "minutes after which an alert that still fires is told again", least=5
    )
    escalation_minutes: int = setting(
        "ALERT_ESCALATION_MINUTES", 15, "minutes after which a page that nobody acknowledged goes further", least=1
    )


class Channel(Protocol):
    """Takes messages. Raises a BrightspotError for one that it did not take."""

    def send(self, parcel: Parcel, deadline: Deadline) -> None: ...


class WebhookChannel:
    """The secret is read with the first message."""

    def __init__(self, url: str, secret: Callable[[], bytes], stack: str, webhooks: Webhooks) -> None:
        self._url = url
        self._secret = secret
        self._stack = stack
        self._webhooks = webhooks

    def send(self, parcel: Parcel, deadline: Deadline) -> None:
        to = Webhook(self._url, self._secret())
        self._webhooks.send(to, event_of(parcel), parcel.id, as_json(parcel, self._stack), deadline)


class TopicChannel:
    """Text by SNS, which passes it on as e-mail and whatever else is subscribed."""

    def __init__(self, arn: str, stack: str, topics: Topics) -> None:
        self._arn = arn
        self._stack = stack
        self._topics = topics

    def send(self, parcel: Parcel, deadline: Deadline) -> None:  # noqa: ARG002  # one call, shorter than any of ours
        self._topics.publish(self._arn, subject_of(parcel, self._stack), as_text(parcel))


def plan_of(settings: AlertSettings) -> Plan:
    """Who is to be told, by the names of channels."""
    first = {"webhook": settings.webhook, "topic": settings.topic}
    escalation = {"escalation-webhook": settings.escalation_webhook, "escalation-topic": settings.escalation_topic}
    return Plan(
        tuple(name for name, where in first.items() if where),
        tuple(name for name, where in escalation.items() if where),
        timedelta(minutes=settings.repeat_minutes),
        timedelta(minutes=settings.escalation_minutes),
    )


def channels_of(settings: AlertSettings, store: StoreSettings) -> Mapping[str, Channel]:
    """The channels that are set. Raises SettingsError for a webhook without a secret to sign with."""
    urls = {"webhook": settings.webhook, "escalation-webhook": settings.escalation_webhook}
    arns = {"topic": settings.topic, "escalation-topic": settings.escalation_topic}
    if any(urls.values()) and not settings.secret_arn and len(settings.secret) < _SHORTEST_SECRET:
        raise SettingsError(
            "a webhook of alerts needs ALERT_WEBHOOK_SECRET_ARN, or ALERT_WEBHOOK_SECRET of "
            f"{_SHORTEST_SECRET} characters"
        )
    stack, topics = store.table_prefix or "brightspot", Topics(store)
    secret = cache(lambda: read_secret(settings.secret_arn, store) if settings.secret_arn else settings.secret.encode())
    made: dict[str, Channel] = {}
    for name, url in urls.items():
        if url:
            made[name] = WebhookChannel(url, secret, stack, shared_webhooks())
    for name, arn in arns.items():
        if arn:
            made[name] = TopicChannel(arn, stack, topics)
    return made
