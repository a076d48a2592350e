"""A file beside the record that opens with the record's key alone (AES-256-GCM, RFC 5116)."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.kernel.errors import Damaged

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


def seal(key: bytes, purpose: str, content: bytes) -> bytes:
    """Encrypt a whole file.

    Args:
        key: Raw data key of the record; a key of its own is derived from it (HKDF, RFC 5869).
        purpose: What the file is; another purpose does not open it.
        content: All of it.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _box(key, purpose).encrypt(nonce, content, purpose.encode())


def unseal(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """What `seal` was given.

    Raises:
        Damaged: ``not-sealed-here``: another key, another purpose, or a file that was changed.
    """
    try:
        return _box(key, purpose).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise Damaged("not-sealed-here") from error


def _box(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, None, purpose.encode()).derive(key))
