"""The terminal's own key pair: it signs in to the server by ``private_key_jwt``.

SMART Backend Services (http://hl7.org/fhir/smart-app-launch/backend-services.html). The private
key is made here, lives inside the encrypted store and never leaves it; the server gets the public
half when the terminal is enrolled.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from workstation.kernel.identity import uuid7

ALGORITHM: Final = "ES384"
LIFETIME: Final = timedelta(minutes=4)
"""Of one assertion; servers refuse more than 5 minutes."""
_NAME: Final = "device-key"


class Vault(Protocol):
    """Where secrets are kept: inside the encrypted store."""

    def read(self, name: str) -> str | None:
        """The secret of that name, or None."""
        ...

    def write(self, name: str, secret: str) -> None:
        """Keep a secret."""
        ...


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The key pair of one terminal.

    Attributes:
        id: Names the key in the server's key set (``kid``).
    """

    id: str
    _private: ec.EllipticCurvePrivateKey

    def public_jwk(self) -> dict[str, Any]:
        """The public half as a JSON Web Key, for enrolment."""
        key: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(self._private.public_key()))
        return {**key, "kid": self.id, "alg": ALGORITHM, "use": "sig", "key_ops": ["verify"]}

    def thumbprint(self) -> str:
        """What two people compare to be sure that it is this key (RFC 7638), in groups of four."""
        public = self.public_jwk()
        told = {name: public[name] for name in ("crv", "kty", "x", "y")}
        digest = hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, 32, 4))

    def assertion(self, client: str, token_url: str, now: datetime) -> str:
        """A signed statement of who asks for a token, good once and for four minutes.

        Args:
            client: The id under which the terminal is enrolled.
            token_url: The token endpoint, which alone may accept it.
            now: By the server's clock as far as it is known (aware).
        """
        claims = {
            "iss": client,
            "sub": client,
            "aud": token_url,
            "jti": uuid7(),
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(claims, self._private, ALGORITHM, headers={"kid": self.id})


def device_key(vault: Vault) -> DeviceKey:
    """The key pair of this terminal, made at the first call.

    Args:
        vault: Of the open store.
    """
    kept = vault.read(_NAME)
    if kept is None:
        fresh = DeviceKey(uuid7(), ec.generate_private_key(ec.SECP384R1()))
        vault.write(_NAME, json.dumps({"id": fresh.id, "pem": _pem(fresh)}))
        return fresh
    content = json.loads(kept)
    key = serialization.load_pem_private_key(content["pem"].encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the device key is no elliptic-curve key")
    return DeviceKey(content["id"], key)


def _pem(key: DeviceKey) -> str:
    return key._private.private_bytes(  # noqa: SLF001 - of the same module
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
