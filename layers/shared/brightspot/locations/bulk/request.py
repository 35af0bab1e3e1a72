"""What one may ask for in a bulk analysis, checked at submission as far as that needs no look into a file."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec

from brightspot.core.ids import is_id
from brightspot.jobs import MOST_UPLOADED, Uploads
from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest, RequestRefused

MOST_INLINE: Final = 1_000
MOST_ROWS: Final = 10_000
_Number = Annotated[float, msgspec.Meta(ge=0)]


class BulkParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `addresses`, at most 1,000, or the `upload` that is a CSV file of at most 10,000 of them."""

    addresses: list[str] | None = None
    upload: str | None = None
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: dict[str, _Number] | None = None


@dataclass(frozen=True, slots=True)
class BulkPart:
    """A stretch of addresses, of which the first is the `first` of the job."""

    first: int
    addresses: list[str]
    radius_miles: float
    persona: str
    weights: dict[str, float] | None

    def of(self, address: str) -> AnalyzeRequest:
        """The question about one address."""
        return AnalyzeRequest(address, self.radius_miles, self.persona, self.weights)


def check(asked: BulkParameters, tenant: str, uploads: Uploads) -> None:
    """Raises RequestRefused for what cannot be meant, and for an upload that is not there."""
    if (asked.addresses is None) == (asked.upload is None):
        raise RequestRefused("addresses", "send either addresses or an upload")
    if asked.addresses is not None and not 1 <= len(asked.addresses) <= MOST_INLINE:
        advice = f"send 1 to {MOST_INLINE:,} addresses, or up to {MOST_ROWS:,} as an upload"
        raise RequestRefused("addresses", f"{advice}; not {len(asked.addresses):,}")
    AnalyzeRequest("", asked.radius_miles, asked.persona, asked.weights)
    if asked.upload is not None:
        _check_upload(asked.upload, tenant, uploads)


def part_in(value: Any) -> BulkPart:
    """A part from its JSON."""
    return msgspec.convert(value, BulkPart)


def _check_upload(upload: str, tenant: str, uploads: Uploads) -> None:
    size = uploads.size(tenant, upload) if is_id(upload) else None
    if size is None:
        raise RequestRefused("upload", "nothing was put there yet, or it is deleted by now; upload the file first")
    if size > MOST_UPLOADED:
        raise RequestRefused("upload", f"the file has {size:,} bytes; send at most {MOST_UPLOADED:,}")
