from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import jwt
import pytest

from tests.kit.people import CHEAP
from tests.kit.store import KEY, START, make_store, reopen
from workstation.kernel.errors import Refused
from workstation.security.device import device_key
from workstation.security.recovery import new_salt, recovery_key
from workstation.store.copies import Lock
from workstation.store.memory import Vault, recall, remember

TOKEN = "https://hospital.example/token"


def test_the_device_key_is_made_once_and_kept_in_the_store(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    key = device_key(Vault(store))
    store.close()
    store = reopen(tmp_path)
    assert device_key(Vault(store)).public_jwk() == key.public_jwk()
    store.close()


def test_an_assertion_is_what_smart_backend_services_ask_for(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    key = device_key(Vault(store))
    public = jwt.PyJWK(key.public_jwk())
    signed = key.assertion("terminal-1", TOKEN, START)
    claims = jwt.decode(
        signed,
        public,
        ["ES384"],
        audience=TOKEN,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["sub"]) == ("terminal-1", "terminal-1")
    assert datetime.fromtimestamp(claims["exp"], tz=START.tzinfo) - START < timedelta(minutes=5)
    assert jwt.get_unverified_header(signed)["kid"] == key.public_jwk()["kid"]
    again = jwt.decode(
        key.assertion("terminal-1", TOKEN, START),
        public,
        ["ES384"],
        audience=TOKEN,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert again["jti"] != claims["jti"]
    store.close()


def test_the_public_half_holds_nothing_private(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    public = device_key(Vault(store)).public_jwk()
    assert "d" not in public
    assert json.loads(json.dumps(public))["crv"] == "P-384"
    store.close()


def test_a_recovery_key_depends_on_passphrase_and_salt() -> None:
    salt = new_salt()
    key = recovery_key("mười hai con giáp", salt, cost=CHEAP)
    assert recovery_key("mười hai con giáp", salt, cost=CHEAP) == key
    assert recovery_key("mười ba con giáp", salt, cost=CHEAP) != key
    assert recovery_key("mười hai con giáp", new_salt(), cost=CHEAP) != key
    assert Lock(key, salt).literal().startswith("\"x'")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="weak-passphrase"):
        recovery_key("ngắn", new_salt(), cost=CHEAP)


def test_a_lock_is_made_of_key_and_salt_of_the_right_length() -> None:
    for key, salt in ((b"k", b"s" * 16), (KEY, b"s")):
        with pytest.raises(ValueError, match="32 bytes"):
            Lock(key, salt)


def test_a_fact_is_remembered_in_place_of_the_one_before(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        remember(unit, "language", "vi")
        remember(unit, "language", "en")
    with store.read() as view:
        assert recall(view, "language") == "en"
        assert recall(view, "theme") is None
    store.close()
