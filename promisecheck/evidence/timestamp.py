"""A trusted timestamp (RFC 3161) of an anchor: proof by a third party of when the evidence existed; extra `timestamp`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha384, sha512
from typing import Any

from promisecheck.errors import IncompleteError

_MAX_ANSWER = 65_536
_PATIENCE = 30.0
_HASHES = {
    "2.16.840.1.101.3.4.2.1": sha256, "2.16.840.1.101.3.4.2.2": sha384, "2.16.840.1.101.3.4.2.3": sha512,
}  # fmt: skip
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class TimestampError(IncompleteError):
    """Report a timestamp that cannot be had, or that does not prove what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """Say when the anchor existed; `trusted` where the signature leads to a certificate that was given."""

    at: datetime
    trusted: bool


def ask_for_timestamp(anchor: bytes, url: str, *, post: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """Return a timestamp authority's signed answer for the hash of `anchor`; nothing else is sent to it.

    Raises TimestampError where none comes, or where it is for something else.
    """
    client = _client()
    request = (
        client.TimestampRequestBuilder()
        .data(anchor)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    answer = (post or _post)(url, request.as_bytes())
    response = _decoded(answer)
    if response.tst_info.nonce != request.nonce:
        raise TimestampError("the answer is not for this request", where=url)
    check_timestamp(anchor, answer)
    return answer


def check_timestamp(anchor: bytes, answer: bytes, roots: bytes = b"") -> Timestamp:
    """Return when `anchor` existed by a stored answer; raises TimestampError where the answer does not say so.

    `roots` holds PEM certificates that are trusted to sign timestamps; without them the signature is not checked.
    """
    response = _decoded(answer)
    try:
        info = response.tst_info
        if info.message_imprint.message != _digest(anchor, info.message_imprint.hash_algorithm.dotted_string):
            raise TimestampError("the timestamp is for another anchor")
        if roots:
            _verify(response, anchor, roots)
        return Timestamp(at=info.gen_time, trusted=bool(roots))
    except (ValueError, TypeError, OverflowError) as error:
        raise TimestampError(f"the timestamp is damaged ({error})") from error


def _verify(response: Any, anchor: bytes, roots: bytes) -> None:
    from cryptography.x509 import load_pem_x509_certificate

    client = _client()
    builder = client.VerifierBuilder()
    found = [load_pem_x509_certificate(pem) for pem in _CERTIFICATE.findall(roots)]
    if not found:
        raise TimestampError("the file of trusted certificates holds none", do="give certificates as PEM")
    for certificate in found:
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        builder.build().verify_message(response, anchor)
    except (client.VerificationError, ValueError) as error:
        raise TimestampError(f"the timestamp's signature does not hold ({error})") from error


def _decoded(answer: bytes) -> Any:
    client = _client()
    try:
        response = client.decode_timestamp_response(answer)
        status = int(response.status)
    except ValueError as error:
        raise TimestampError("what the timestamp authority sent is no timestamp") from error
    if status != client.PKIStatus.GRANTED:
        raise TimestampError(f"the timestamp authority did not grant it (status {status})")
    return response


def _digest(anchor: bytes, algorithm: str) -> bytes:
    if algorithm not in _HASHES:
        raise TimestampError(f"the timestamp uses a hash that is not accepted ({algorithm})")
    return _HASHES[algorithm](anchor).digest()


def _post(url: str, request: bytes) -> bytes:
    import requests

    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with requests.post(url, data=request, headers=headers, timeout=_PATIENCE, stream=True) as response:
            response.raise_for_status()
            answer = next(response.iter_content(_MAX_ANSWER), b"")
    except requests.RequestException as error:
        raise TimestampError(f"the timestamp authority does not answer ({error})", where=url) from error
    return bytes(answer)


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise TimestampError(
            "timestamps need rfc3161-client", do="install promisecheck[timestamp]"
        ) from error
    return rfc3161_client
