"""Devices get tokens by SMART Backend Services: an assertion signed with their own key.

https://hl7.org/fhir/smart-app-launch/backend-services.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import jwt

from hospital.auth.scopes import granted
from hospital.store.accounts import Accounts
from workstation.kernel.errors import Refused

ALGORITHMS: Final = ("ES384", "RS384")
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_SECONDS: Final = 300
LONGEST_ASSERTION_SECONDS: Final = 300
LEEWAY_SECONDS: Final = 60
"""Clocks of terminals are a little off."""


class TokenRefused(Exception):
    """No token is given.

    Args:
        code: An OAuth 2.0 error code (RFC 6749, 5.2).
        why: For an engineer.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why

    @property
    def status(self) -> HTTPStatus:
        """What HTTP status goes with it."""
        unknown = self.code == "invalid_client"
        return HTTPStatus.UNAUTHORIZED if unknown else HTTPStatus.BAD_REQUEST


def give_token(
    accounts: Accounts, form: Mapping[str, str], *, audience: str, now: int
) -> dict[str, Any]:
    """Check an assertion and give a token.

    Args:
        accounts: The registered devices.
        form: The fields of the request.
        audience: The address of this token endpoint.
        now: In ms since 1970.

    Raises:
        TokenRefused: when anything about it is not right.
    """
    if form.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "client_credentials is expected")
    if form.get("client_assertion_type") != ASSERTION:
        raise TokenRefused("invalid_request", "client_assertion_type is not right")
    claims = _claims(accounts, form.get("client_assertion", ""), audience, now // 1000)
    client = str(claims["iss"])
    if not accounts.spend(
        f"{client} {claims['jti']}", (int(claims["exp"]) + LEEWAY_SECONDS) * 1000
    ):
        raise TokenRefused("invalid_client", "the assertion was used before")
    device = accounts.device(client)
    scope = granted(form.get("scope", ""), device.scope if device else "")
    if not scope:
        raise TokenRefused("invalid_scope", "nothing of the scope is registered for this device")
    return {
        "access_token": accounts.give(f"Device/{client}", scope, TOKEN_SECONDS),
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": scope,
    }


def check_keys(jwks: str) -> None:
    """See that a key set has usable public keys, and no private one.

    Raises:
        Refused: ``bad-keys``.
    """
    try:
        keys = json.loads(jwks)["keys"]
        usable = [jwt.PyJWK(key) for key in keys if key.get("kid")]
        private = any("d" in key for key in keys)
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise Refused("bad-keys", reason=type(error).__name__) from error
    if private or not usable:
        raise Refused("bad-keys", reason="private key" if private else "no key with a kid")


def thumbprints(jwks: str) -> list[str]:
    """What two people compare to be sure of a key (RFC 7638), in groups of four digits."""
    found = []
    for key in json.loads(jwks)["keys"]:
        told = {name: key[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in key}
        digest = hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
        found.append(" ".join(digest[start : start + 4] for start in range(0, 32, 4)))
    return found


def configuration(origin: str) -> dict[str, Any]:
    """``.well-known/smart-configuration``."""
    return {
        "token_endpoint": f"{origin}/auth/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": ["system/*.cruds", "system/*.rs"],
        "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
    }


def _claims(accounts: Accounts, assertion: str, audience: str, now: int) -> dict[str, Any]:
    try:
        head = jwt.get_unverified_header(assertion)
        unverified = jwt.decode(assertion, options={"verify_signature": False})
        device = accounts.device(str(unverified.get("iss", "")))
        keys = json.loads(device.jwks)["keys"] if device else []
        key = next(jwt.PyJWK(key) for key in keys if key.get("kid") == head.get("kid"))
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key.key,
            algorithms=list(ALGORITHMS),
            audience=audience,
            options={
                "require": ["iss", "sub", "aud", "exp", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except StopIteration:
        raise TokenRefused("invalid_client", "the device or its key is not registered") from None
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused("invalid_client", type(error).__name__) from error
    return _timely(claims, now)


def _timely(claims: dict[str, Any], now: int) -> dict[str, Any]:
    """Checked against the hospital's clock, which a test can move."""
    expires, jti = claims["exp"], claims["jti"]
    if claims["iss"] != claims["sub"] or not isinstance(jti, str) or not jti:
        raise TokenRefused("invalid_client", "iss, sub or jti is not right")
    if not isinstance(expires, int) or expires + LEEWAY_SECONDS < now:
        raise TokenRefused("invalid_client", "the assertion has expired")
    if expires > now + LONGEST_ASSERTION_SECONDS + LEEWAY_SECONDS:
        raise TokenRefused("invalid_client", "the assertion lasts too long")
    return claims
