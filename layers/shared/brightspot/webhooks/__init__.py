"""Signed messages to URLs that others named: told once each, tried again, and never to a private address."""

from brightspot.webhooks.errors import WebhookFailed
from brightspot.webhooks.sender import Webhook, Webhooks, WebhookSettings, shared_webhooks
from brightspot.webhooks.signing import DELIVERY, EVENT, SIGNATURE, TIMESTAMP, is_signed, signature
from brightspot.webhooks.targets import Target, TargetRules, target_of

__all__ = [
    "DELIVERY",
    "EVENT",
    "SIGNATURE",
    "TIMESTAMP",
    "Target",
    "TargetRules",
    "Webhook",
    "WebhookFailed",
    "WebhookSettings",
    "Webhooks",
    "is_signed",
    "shared_webhooks",
    "signature",
    "target_of",
]
