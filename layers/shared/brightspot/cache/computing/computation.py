"""Computing one value, and what becomes of it: kept, refused, replaced by an old one, or its error kept."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from brightspot.cache.computing.computed_value import ERROR, VALUE, pack_error
from brightspot.cache.computing.copies import Copy
from brightspot.cache.computing.held import Held, Shelf
from brightspot.cache.computing.leases import Lease, Place
from brightspot.cache.computing.outcome import Outcome
from brightspot.cache.computing.steps import Compute, Overran, Steps
from brightspot.cache.errors import ComputeTimedOut, NotKeepable
from brightspot.resilience.deadline import Deadline
from brightspot.valkey import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Computation:
    """`before` is what there was; `lease` is None while the store is away. `anew`: no old value replaces an error."""

    held: Held
    shelf: Shelf
    place: Place
    deadline: Deadline | None
    before: Copy | None
    lease: Lease | None
    anew: bool

    def steps(self) -> Steps[Outcome]:
        """Raises what the function raises, and ComputeTimedOut."""
        created, started = self.held.now(), self.held.clock.monotonic()
        seconds = self._seconds(created)
        negative_errors = self.place.options.negative_errors
        try:
            value, data = self._kept_form((yield Compute(seconds)))
        except Overran:
            error = ComputeTimedOut(
                f"{self.place.name}: not computed in {seconds} s, and there is no old value to give"
            )
            return self._failed(error, overrun=True)
        except negative_errors as error:
            took = self.held.clock.monotonic() - started
            self._keep(_new(ERROR, error, pack_error(error, negative_errors), created, took))
            raise
        except NotKeepable:
            self._end(overrun=False, failed=False)
            raise
        except Exception as error:  # noqa: BLE001  # whatever a function raises
            return self._failed(error, overrun=False)
        except BaseException:
            self._end(overrun=True, failed=False)
            raise
        took = self.held.clock.monotonic() - started
        return Outcome(self._keep(_new(VALUE, value, data, created, took)), "computed")

    @staticmethod
    def give_up(place: Place, lease: Lease) -> None:
        """End a lease, if it was given, without having computed."""
        if lease.token:
            with suppress(StoreUnavailable):  # it ends by itself
                place.end(lease, overrun=False, failed=False)

    def _kept_form(self, value: Any) -> tuple[Any, bytes]:
        """A value as it is read back, and its bytes: who computes gets what all others get. Raises NotKeepable."""
        codec = self.place.codec
        try:
            data = codec.encode(value)
            return codec.decode(data), data
        except Exception as error:
            what = type(value).__name__
            raise NotKeepable(
                f"{self.place.name}: this {what} cannot be kept and read back as promised ({error}): "
                "return plain data of the annotated type, or pass codec="
            ) from error

    def _failed(self, error: Exception, *, overrun: bool) -> Outcome:
        copy, excused = self.before, not self.anew and self._excuses(error, overrun=overrun)
        rest = self._end(overrun=overrun, failed=excused)
        if copy is None or not excused:
            raise error
        self.held.rest(self.shelf, self.place.name, copy, rest)
        return Outcome.of(copy, self.held.now())

    def _excuses(self, error: Exception, *, overrun: bool) -> bool:
        """Whether the old value is better than this error."""
        copy, now, options = self.before, self.held.now(), self.place.options
        if copy is None:
            return False
        if copy.is_fresh(now) or (overrun and copy.may_revalidate(now, options.stale_while_revalidate)):
            return True
        return isinstance(error, options.stale_errors) and copy.may_replace_error(now, options.stale_if_error)

    def _keep(self, copy: Copy) -> Copy:
        options = self.place.options
        ttl = self._ttl(copy)
        soft = copy.created + ttl * (1 - options.jitter * self.held.random.random())
        negative = options.negative_ttl is not None and copy.is_negative
        hard = soft if negative else soft + options.stale_seconds
        copy = replace(copy, soft=soft, hard=hard, ttl=ttl)
        if ttl <= 0:
            self._end(overrun=False, failed=False)
            return copy
        vouched = self.place.valkey is None
        if self.lease is not None:
            try:
                vouched = self.place.keep(self.lease, copy, self.shelf.tally.kept)
            except StoreUnavailable:
                vouched = False
            else:
                if not vouched:  # somebody else's is newer, or it was forgotten meanwhile
                    self.held.copies.drop(self.place.name)
                    return copy
        self.held.hold(self.shelf, self.place.name, copy, options, self.held.now(), vouched=vouched)
        return copy

    def _ttl(self, copy: Copy) -> float:
        options, before = self.place.options, self.before
        if options.negative_ttl is not None and copy.is_negative:
            return options.negative_ttl
        if options.adaptive is None:
            return options.ttl
        if before is None or before.kind != VALUE or before.ttl <= 0:
            return options.adaptive.bounded(options.ttl)
        return options.adaptive.next(before.ttl, unchanged=before.data == copy.data)

    def _end(self, *, overrun: bool, failed: bool) -> float:
        """For how many seconds nobody is to try again; what the store does not say, this process goes by."""
        rest = self.place.options.error_rest
        if self.lease is not None:
            with suppress(StoreUnavailable):
                return self.place.end(self.lease, overrun=overrun, failed=failed)
        return rest

    def _seconds(self, now: float) -> float | None:
        """How long it may take: less where there is an old value to give."""
        copy, options = self.before, self.place.options
        limits = [options.hard_timeout]
        if copy is not None and not self.anew:
            spare = copy.is_fresh(now) or copy.may_revalidate(now, options.stale_while_revalidate)
            if spare or copy.may_replace_error(now, options.stale_if_error):
                limits.append(options.soft_timeout)
        if self.deadline is not None:
            limits.append(self.deadline.remaining())
        return min((each for each in limits if each is not None), default=None)


def _new(kind: int, value: Any, data: bytes, created: float, took: float) -> Copy:
    return Copy(kind, value, data, created, created, created, took, 0.0, created)
