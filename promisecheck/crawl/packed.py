"""Brotli and Zstandard, decoded a small step at a time where their packages are installed (extra `wire`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from promisecheck.errors import FetchError

Decoder = Callable[[Iterable[bytes], int], Iterable[bytes]]
_MAX_FRAMES = 1_000
# RFC 9659: what is sent over HTTP needs no larger window, and a larger one is memory that a server could ask for.
_WINDOW_LOG = 23


@lru_cache(maxsize=1)
def decoders() -> Mapping[str, Decoder]:
    """Return the decoders that can be had, by content encoding; each yields pieces of about the size it is given.

    A package that cannot stop within one piece of input is as good as none: 800 bytes may stand for a gigabyte.
    """
    found: dict[str, Decoder] = {}
    brotli = _brotli()
    if brotli is not None:
        found["br"] = lambda pieces, step: _unbrotli(brotli, pieces, step)
    zstd = _zstd()
    if zstd is not None:
        found["zstd"] = lambda pieces, step: _unzstd(zstd, pieces, step)
    return found


def _brotli() -> Any:
    try:
        import brotli
    except ImportError:
        return None
    return brotli if hasattr(brotli.Decompressor, "can_accept_more_data") else None


def _zstd() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd  # type: ignore[no-redef,unused-ignore]
        except ImportError:
            return None
    return zstd


def _unbrotli(brotli: Any, pieces: Iterable[bytes], step: int) -> Iterable[bytes]:
    decoder = brotli.Decompressor()
    try:
        for piece in pieces:
            if decoder.is_finished():
                break
            data = piece
            # What is left of the output comes without further input, also where more input would be taken.
            while out := decoder.process(data, output_buffer_limit=step):
                yield out
                data = b""
    except brotli.error as error:
        raise FetchError("the compressed page is damaged") from error
    if not decoder.is_finished():
        raise FetchError("the compressed page ends too early")


def _unzstd(zstd: Any, pieces: Iterable[bytes], step: int) -> Iterable[bytes]:
    options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    decoder, frames = zstd.ZstdDecompressor(options=options), 1
    try:
        for piece in pieces:
            data = piece
            while data or not (decoder.needs_input or decoder.eof):
                if decoder.eof:
                    if (frames := frames + 1) > _MAX_FRAMES:
                        raise FetchError("the compressed page has more parts than any page needs")
                    decoder = zstd.ZstdDecompressor(options=options)
                yield decoder.decompress(data, max_length=step)
                data = decoder.unused_data if decoder.eof else b""
    except zstd.ZstdError as error:
        raise FetchError("the compressed page is damaged") from error
    if not decoder.eof:
        raise FetchError("the compressed page ends too early")
