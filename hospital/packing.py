"""Gzip both ways, with a bound on what a small body may grow to."""

from __future__ import annotations

import gzip
import zlib
from http import HTTPStatus
from typing import Final

from hospital.outcome import Fault, bad_request
from hospital.wire import Request, Response

WORTH_IT: Final = 1400
"""Bytes below which an answer fits one packet anyway."""


def unpacked(request: Request, *, largest: int, largest_unpacked: int) -> bytes:
    """The body of a request, decompressed.

    Args:
        request: As received.
        largest: Bytes that it may have.
        largest_unpacked: Bytes that it may have after decompression.

    Raises:
        Fault: 413 when it is too large, 415 for another encoding, 400 when it is damaged.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if len(request.body) > largest:
        raise too_large(largest)
    if encoding in ("identity", ""):
        return request.body
    if encoding != "gzip":
        raise Fault(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-supported", "only gzip is understood")
    unzip = zlib.decompressobj(wbits=31)
    try:
        body = unzip.decompress(request.body, largest_unpacked + 1)
    except zlib.error as error:
        raise bad_request("the compressed body is damaged", "structure") from error
    if len(body) > largest_unpacked:
        raise too_large(largest_unpacked)
    if not unzip.eof:
        raise bad_request("the compressed body is cut off", "structure")
    return body


def packed(request: Request, response: Response) -> Response:
    """The response, compressed if the client takes it and it is worth it."""
    takes = "gzip" in request.headers.get("accept-encoding", "").lower()
    if not takes or len(response.body) < WORTH_IT:
        return response
    headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(response.status, headers, gzip.compress(response.body, 1, mtime=0))


def too_large(largest: int) -> Fault:
    """The answer to a body over the limit: 413."""
    return Fault(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", f"a body may have {largest} bytes"
    )
