"""The data key of the store, wrapped once for each person, in a file without any patient datum.

The store is encrypted with one random key. For each person it is wrapped (AES-256-GCM) under a
key made of their PIN or password (Argon2id) and the secret of this machine (HKDF-SHA-256). So
adding or removing a person, or changing a PIN, rewrites one small file and never the store. Every
change reads that file anew and writes it under a lock that holds between processes, too.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.kernel import file_lock, sidecar
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PersonId
from workstation.security import device_secret, lost_keys
from workstation.security.device_secret import DeviceSecret, Keystore, SystemKeystore
from workstation.security.people import ROLES, Person, Role

FILE_NAME: Final = lost_keys.KEYS_NAME
LOCK_NAME: Final = "people.lock"
MINIMUM_PIN: Final = 6
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16
_FREE_TRIES: Final = 3
_LONGEST_WAIT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a PIN costs (Argon2id): passes, KiB of memory, lanes.

    The default takes about 160 ms on a ward's terminal.
    """

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class _Entry:
    person: Person
    salt: bytes
    wrapped: bytes
    cost: Cost
    failures: int = 0
    failed_at: datetime | None = None


class KeyRing:
    """The people who can unlock one store. Made by `found` or `load`."""

    def __init__(
        self, folder: Path, clock: Clock, name: str, secret: DeviceSecret, entries: list[_Entry]
    ) -> None:
        self._file = folder / FILE_NAME
        self._clock = clock
        self._name = name
        self._secret = secret
        self._entries = {entry.person.id: entry for entry in entries}
        self._lock = threading.Lock()

    @classmethod
    def found(
        cls, folder: Path, clock: Clock, *, keystore: Keystore | None = None
    ) -> tuple[KeyRing, bytes]:
        """Make a new data key, and the ring for it, on which nobody is yet: `add` somebody.

        Raises:
            WorkstationError: As `lost_keys.refuse_to_begin`; what is there is never replaced.
        """
        lost_keys.refuse_to_begin(folder)
        folder.mkdir(parents=True, exist_ok=True)
        name = uuid7()
        with file_lock.held(folder / LOCK_NAME):
            secret = device_secret.make(folder, name, keystore or SystemKeystore())
        return cls(folder, clock, name, secret, []), os.urandom(_KEY_BYTES)

    @classmethod
    def load(cls, folder: Path, clock: Clock, *, keystore: Keystore | None = None) -> KeyRing:
        """Read the ring of a store.

        Raises:
            Damaged: ``no-store``, ``keys-missing``, ``damaged-keys``, ``device-secret-missing``.
        """
        name, kept_in, entries = _read(folder / FILE_NAME)
        secret = device_secret.load(folder, name, kept_in, keystore or SystemKeystore())
        return cls(folder, clock, name, secret, entries)

    @property
    def secret_kept_in(self) -> device_secret.Place:
        """Where the machine's secret is: ``keystore``, or ``file`` as the weaker fallback."""
        return self._secret.kept_in

    def people(self) -> tuple[Person, ...]:
        """Who can unlock, in the order in which they were added."""
        return tuple(entry.person for entry in self._entries.values())

    def unlock(self, person: PersonId, pin: str) -> bytes:
        """Unwrap the data key.

        Args:
            person: Who it is.
            pin: PIN or password as typed.

        Returns:
            The raw data key, 32 bytes.

        Raises:
            Refused: ``unknown-person``; ``wrong-pin`` with ``failures`` and ``seconds``
                until the next try; ``wait`` with ``seconds`` when that time is not over.
        """
        with self._alone():
            return self._unlock(person, pin)

    def add(self, key: bytes, person: Person, pin: str, *, cost: Cost | None = None) -> None:
        """Let one more person unlock the store.

        Args:
            key: The raw data key, from `unlock` by somebody else, or from `found`.
            person: Who.
            pin: Their PIN or password.
            cost: Of one guess; the default is for real use.

        Raises:
            Refused: ``weak-pin`` with ``minimum``; ``already-exists``.
        """
        with self._alone():
            if person.id in self._entries:
                raise Refused("already-exists", field="person")
            self._put(self._wrap(key, person, pin, cost or Cost()))

    def remove(self, person: PersonId) -> None:
        """Take a person off the ring.

        Raises:
            Refused: ``unknown-person``, or ``last-person``: nobody could open the store any more.
        """
        with self._alone():
            self._known(person)
            if len(self._entries) == 1:
                raise Refused("last-person")
            del self._entries[person]
            self._save()

    def change_pin(self, person: PersonId, old: str, new: str) -> None:
        """Give a person another PIN.

        Raises:
            Refused: as `unlock` and `add` do.
        """
        with self._alone():
            key = self._unlock(person, old)
            entry = self._known(person)
            self._put(self._wrap(key, entry.person, new, entry.cost))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the people meanwhile, in this process or another."""
        with self._lock, file_lock.held(self._file.with_name(LOCK_NAME)):
            self._refresh()
            yield

    def _unlock(self, person: PersonId, pin: str) -> bytes:
        entry = self._known(person)
        self._refuse_haste(entry)
        try:
            key = AESGCM(self._wrapping_key(entry.salt, entry.cost, pin)).decrypt(
                entry.wrapped[:_NONCE_BYTES],
                entry.wrapped[_NONCE_BYTES:],
                self._bound(entry.person),
            )
        except InvalidTag:
            failed = replace(entry, failures=entry.failures + 1, failed_at=self._clock.now())
            self._put(failed)
            raise Refused(
                "wrong-pin",
                field="pin",
                failures=failed.failures,
                seconds=_wait(failed.failures).total_seconds(),
            ) from None
        if entry.failures:
            self._put(replace(entry, failures=0, failed_at=None))
        return key

    def _wrap(self, key: bytes, person: Person, pin: str, cost: Cost) -> _Entry:
        if len(pin) < MINIMUM_PIN or len(set(pin)) == 1:
            raise Refused("weak-pin", field="pin", minimum=MINIMUM_PIN)
        salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
        box = AESGCM(self._wrapping_key(salt, cost, pin))
        return _Entry(person, salt, nonce + box.encrypt(nonce, key, self._bound(person)), cost)

    def _wrapping_key(self, salt: bytes, cost: Cost, pin: str) -> bytes:
        guess = hash_secret_raw(
            unicodedata.normalize("NFC", pin).encode(),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=_KEY_BYTES,
            type=Type.ID,
        )
        return HKDF(SHA256(), _KEY_BYTES, self._secret.value, b"ward data key").derive(guess)

    def _bound(self, person: Person) -> bytes:
        """What a wrapped key is tied to: nobody can give themselves another name or role."""
        return json.dumps([self._name, person.id, person.name, person.role]).encode()

    def _known(self, person: PersonId) -> _Entry:
        try:
            return self._entries[person]
        except KeyError:
            raise Refused("unknown-person", field="person") from None

    def _refuse_haste(self, entry: _Entry) -> None:
        if entry.failed_at is None:
            return
        now = self._clock.now()
        if now < entry.failed_at:
            # The clock was ahead and was set right: the wait begins now, not when it was.
            entry = replace(entry, failed_at=now)
            self._put(entry)
        left = _wait(entry.failures) - (now - (entry.failed_at or now))
        if left > timedelta():
            raise Refused("wait", field="pin", seconds=left.total_seconds())

    def _refresh(self) -> None:
        """Know what another process wrote since: nobody taken off comes back by a save here.

        Raises:
            Refused: ``store-exists``: somebody else founded a terminal here meanwhile.
        """
        if self._file.exists():
            name, _, entries = _read(self._file)
            if name != self._name:
                raise Refused("store-exists")
            self._entries = {entry.person.id: entry for entry in entries}

    def _put(self, entry: _Entry) -> None:
        self._entries[entry.person.id] = entry
        self._save()

    def _save(self) -> None:
        content = {
            "name": self._name,
            "secret_kept_in": self._secret.kept_in,
            "people": [_plain(entry) for entry in self._entries.values()],
        }
        sidecar.write(self._file, json.dumps(content, ensure_ascii=False, indent=1).encode())


def _wait(failures: int) -> timedelta:
    """How long to wait after so many failures: nothing at first, then doubling to 5 minutes."""
    if failures < _FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - _FREE_TRIES + 1, 16)), _LONGEST_WAIT)


def _plain(entry: _Entry) -> dict[str, Any]:
    return {
        "id": entry.person.id,
        "name": entry.person.name,
        "role": entry.person.role,
        "salt": base64.b64encode(entry.salt).decode(),
        "wrapped": base64.b64encode(entry.wrapped).decode(),
        "cost": asdict(entry.cost),
        "failures": entry.failures,
        "failed_at": entry.failed_at and entry.failed_at.isoformat(),
    }


def _read(file: Path) -> tuple[str, device_secret.Place, list[_Entry]]:
    try:
        content = json.loads(file.read_bytes())
        name, kept_in = content["name"], content["secret_kept_in"]
        entries = [_entry(each) for each in content["people"]]
    except FileNotFoundError as error:
        lost_keys.refuse(file.parent)
        raise Damaged("no-store") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("damaged-keys") from error
    return name, kept_in, entries


def _entry(content: dict[str, Any]) -> _Entry:
    failed_at = content["failed_at"]
    return _Entry(
        Person(PersonId(content["id"]), content["name"], _role(content["role"])),
        base64.b64decode(content["salt"]),
        base64.b64decode(content["wrapped"]),
        Cost(**content["cost"]),
        int(content["failures"]),
        datetime.fromisoformat(failed_at).astimezone(UTC) if failed_at else None,
    )


def _role(name: str) -> Role:
    found = next((role for role in ROLES if role == name), None)
    if found is None:
        raise ValueError("unknown role")
    return found
