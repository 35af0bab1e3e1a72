"""Sends waiting messages: channels side by side, the messages of one in their order, all under one deadline."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from brightspot.core.errors import BrightspotError
from brightspot.operations.alerting.board import Parcel
from brightspot.operations.alerting.channels import Channel
from brightspot.resilience import Deadline, run_all
from brightspot.telemetry import ALERT_NOTIFICATIONS, count

Outcome = Literal["sent", "failed"]
_LEAST_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


def deliver(
    parcels: Sequence[Parcel], channels: Mapping[str, Channel], deadline: Deadline, told: dict[str, Outcome]
) -> None:
    """Send, and note in `told` what became of each message, by its id, as soon as it is known.

    A message that fails ends its channel's turn, so that nobody is told of an end before its beginning. Raises what a
    channel raises that is no BrightspotError.
    """
    by_channel: dict[str, list[Parcel]] = {}
    for each in parcels:
        by_channel.setdefault(each.channel, []).append(each)
    jobs = {name: _Turn(name, queued, channels.get(name), deadline, told) for name, queued in by_channel.items()}
    for name, outcome in run_all(jobs, deadline).items():
        if outcome.status == "timeout":
            _tell_failed(name, "it was not done in time")
        if outcome.error is not None:
            raise outcome.error


class _Turn:
    """Of one channel; notes each outcome as it comes, so that none is lost when time runs out."""

    def __init__(
        self,
        name: str,
        parcels: Sequence[Parcel],
        channel: Channel | None,
        deadline: Deadline,
        told: dict[str, Outcome],
    ) -> None:
        self._name = name
        self._parcels = parcels
        self._channel = channel
        self._deadline = deadline
        self._told = told

    def __call__(self) -> None:
        for each in self._parcels:
            if self._deadline.remaining() < _LEAST_SECONDS:
                return
            self._told[each.id] = self._sent(each)
            count(ALERT_NOTIFICATIONS, channel=self._name, outcome=self._told[each.id])
            if self._told[each.id] == "failed":
                return

    def _sent(self, parcel: Parcel) -> Outcome:
        if self._channel is None:
            _tell_failed(self._name, "this channel is not set any more")
            return "failed"
        try:
            self._channel.send(parcel, self._deadline)
        except BrightspotError as error:
            _tell_failed(self._name, str(error))
            return "failed"
        _log.info("alert_told", extra={"channel": self._name, "subject": parcel.subject, "delivery": parcel.id})
        return "sent"


def _tell_failed(channel: str, reason: str) -> None:
    _log.warning("alert_not_told", extra={"channel": channel, "reason": reason})
