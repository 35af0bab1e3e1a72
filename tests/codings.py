"""Content codings, undone."""

import gzip

import brotli
from backports import zstd

DECODERS = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
