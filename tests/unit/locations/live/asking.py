"""What tests of a live source's reader share: a site, and a provider in hand that answers further questions."""

import json
from pathlib import Path

from brightspot.locations.collectors.live.source import Request
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

RECORDED = Path(__file__).parents[3] / "integration" / "live" / "recorded"


def recorded(name):
    return json.loads((RECORDED / name).read_bytes())


def site(lat=44.07766, lon=-92.49706, *, precision="zip_centroid", county_fips=27109):
    place = Place(lat, lon, "55901", "Rochester", "MN", None, county_fips, None, 55901, precision, 3.0, (), (), "55901")
    return Site(place, 3.0)


class Asked:
    """An `Ask` that answers by a part of the path and keeps what it was asked."""

    def __init__(self, first: Request, answers=None):
        self.first = first
        self.asked = []
        self._answers = answers or {}

    def __call__(self, request):
        self.asked.append(request)
        (answer,) = [value for part, value in self._answers.items() if part in request.path]
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()
