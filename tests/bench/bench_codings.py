"""`make bench`: what each content coding and level takes and saves, on an analysis and on a page of a batch."""

import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from functools import partial

import brotli
from backports import zstd

from brightspot import locations

TIMES = 100
PLACES = ("Rochester, MN 55901", "Duluth, MN 55802", "10001", "60601", "94103", "73301", "98101", "33101")
LIBRARIES = {"zstd": "backports.zstd", "br": "brotli", "gzip": "zlib"}
Encode = Callable[[bytes], bytes]


def codings() -> dict[str, Encode]:
    """Every coding at the levels that might be taken."""
    told: dict[str, Encode] = {f"zstd {level}": partial(zstd.compress, level=level) for level in (1, 3, 5, 6)}
    told |= {f"br {quality}": partial(brotli.compress, quality=quality) for quality in (1, 2, 3, 4, 5)}
    return told | {f"gzip {level}": partial(zlib.compress, level=level, wbits=31) for level in (1, 3, 5, 6)}


def cpu_ms(encode: Encode, body: bytes) -> float:
    """CPU milliseconds, the least of many: the one that noise added least to."""
    times = []
    for _ in range(TIMES):
        started = time.thread_time()
        encode(body)
        times.append(time.thread_time() - started)
    return min(times) * 1000


def load_ms(library: str) -> float:
    """CPU milliseconds of a library's first import, the least of some processes."""
    code = f"import time; at = time.process_time(); import {library}; print((time.process_time() - at) * 1000)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(9)]
    return min(float(each.stdout) for each in runs)


def main() -> int:
    """Print the tables."""
    analyses = [locations.encode(locations.service().analyze(locations.AnalyzeRequest(each))) for each in PLACES]
    page = json.dumps({"results": [json.loads(each) for each in analyses]}, separators=(",", ":")).encode()
    print(f"{'coding':10} {'analysis ms':>12} {'bytes':>8} {'of it':>6} {'8 of them ms':>13} {'bytes':>8}")
    print(f"{'identity':10} {'':12} {len(analyses[0]):8} {'':6} {'':13} {len(page):8}")
    for name, encode in codings().items():
        one, many = encode(analyses[0]), encode(page)
        share = len(one) / len(analyses[0])
        ms = (cpu_ms(encode, analyses[0]), cpu_ms(encode, page))
        print(f"{name:10} {ms[0]:12.3f} {len(one):8} {share:6.0%} {ms[1]:13.3f} {len(many):8}")
    for name, library in LIBRARIES.items():
        print(f"loading {name} takes {load_ms(library):.1f} ms of CPU, once in a process")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
