"""`brightspot batch`: the addresses of a CSV file, analysed in this process, as rows with scores or as JSON."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import TextIO

import msgspec

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.errors import BrightspotError
from brightspot.resilience import Deadline
from brightspot.security import SHARED_TENANT
from brightspot_local import sheets
from brightspot_local.asking import REFUSED, refused, shared_store, weights_in
from brightspot_local.show import progress

_AT_ONCE = 10  # of the 50 that one batch may have: so that the bar moves
_SECONDS = 600.0
Answer = locations.BatchedAnalysis | locations.BatchError


def batch(asked: argparse.Namespace) -> int:
    """Write a row, or an entry, for each row of the file; 0 when all were scored, 1 when some were not.

    What cannot be used at all is said on stderr, and 2 returned: nothing is written then.
    """
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        sheet = sheets.read(asked.file)
        request = _question(asked)
        request(("",))  # is refused now or never
        _check(asked.out)
        with shared_store(asked.data.resolve()), progress("addresses") as tell:
            answers = _answers(sheet.addresses, request, tell)
        with _output(asked) as out:
            _write(sheet, answers, out, whole=asked.json)
    except sheets.SheetRefused as error:
        print(f"brightspot: {error}", file=sys.stderr)
        return REFUSED
    except BrightspotError as error:
        return refused(error)
    failed = sum(isinstance(each, locations.BatchError) for each in answers)
    print(f"{len(answers) - failed} of {len(answers)} rows scored, {failed} with an error", file=sys.stderr)
    return 1 if failed else 0


def _question(asked: argparse.Namespace) -> Callable[[tuple[str, ...]], locations.BatchRequest]:
    radius = locations.DEFAULT_RADIUS_MILES if asked.radius_miles is None else asked.radius_miles
    persona, weights = asked.persona or locations.DEFAULT_PERSONA, weights_in(asked.weight)
    return lambda addresses: locations.BatchRequest(addresses, radius, persona, weights)


def _answers(
    addresses: Sequence[str],
    request: Callable[[tuple[str, ...]], locations.BatchRequest],
    tell: Callable[[int, int | None], None],
) -> list[Answer]:
    """One answer per address, in their order; `index` counts through all of them."""
    answers: list[Answer] = []
    for chunk in batched(addresses, _AT_ONCE, strict=False):
        first, found = len(answers), _answered(request(chunk))
        unsorted: list[Answer] = [*found.results, *found.errors]
        by_index = {each.index: each for each in unsorted}
        answers += [msgspec.structs.replace(by_index[at], index=first + at) for at in range(len(chunk))]
        tell(len(answers), len(addresses))
    return answers


def _answered(request: locations.BatchRequest) -> locations.BatchAnswer:
    deadline = Deadline.after(SystemClock(), _SECONDS)
    asker = locations.Asker(SHARED_TENANT)
    reply = locations.batch_service().submit(request, asker, wait_seconds=_SECONDS, deadline=deadline)
    return msgspec.json.decode(reply.body, type=locations.BatchAnswer)


@contextmanager
def _output(asked: argparse.Namespace) -> Iterator[TextIO]:
    if asked.out is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    _check(asked.out)
    with asked.out.open("w", encoding="utf-8", newline="") as out:
        yield out


def _check(out: Path | None) -> None:
    """Raises SheetRefused for what cannot be written to: better said before the work than after it."""
    if out is not None and (out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK)):
        raise sheets.SheetRefused(f"{out} cannot be written")


def _write(sheet: sheets.Sheet, answers: Sequence[Answer], out: TextIO, *, whole: bool) -> None:
    if not whole:
        sheets.write(sheet, answers, out)
        return
    results = [each for each in answers if isinstance(each, locations.BatchedAnalysis)]
    errors = [each for each in answers if isinstance(each, locations.BatchError)]
    told = {"total": len(answers), "successful": len(results), "failed": len(errors)}
    out.write(f"{locations.encode({**told, 'results': results, 'errors': errors}).decode()}\n")
