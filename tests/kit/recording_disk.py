"""What SQLite writes to the disk, step by step, and what a power cut could leave of it.

`recording` puts a layer of our own under SQLite (a VFS by ctypes, the default one while it lasts),
so that the program under test opens its files as always. Each write, truncation, deletion and
sync is noted. `images` replays the notes on a model of a disk: what was synced stays; of what was
not synced since, any part may be there, in any order, torn at sectors of 512 bytes, or garbage
instead. As SQLite does, the model trusts a disk to leave the bytes beside a write alone.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SECTOR = 512
_NAME = b"recording"
_SYNCED_WITH_THEIR_FOLDER = ("-wal", "-journal")
"""The first sync of such a new file also syncs the folder, as SQLite does on Unix."""
_OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = ctypes.CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", c_void_p),
        ("xDelete", c_void_p),
        ("others", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("iVersion", c_int),
        ("xClose", c_void_p),
        ("xRead", c_void_p),
        ("xWrite", c_void_p),
        ("xTruncate", c_void_p),
        ("xSync", c_void_p),
        ("others", c_void_p * 13),
    )


Kind = Literal["write", "truncate", "delete", "sync", "mark"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was asked of the disk, or a mark of the test.

    Attributes:
        kind: What.
        file: Name without its folder; of a mark its text.
        offset: Where it is written; of a truncation the new size; of a deletion whether the
            folder is synced with it; of a mark its number.
        data: What is written.
    """

    kind: Kind
    file: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Recording:
    """Everything that happened to the files of one folder."""

    folder: Path
    events: list[Event] = field(default_factory=list)

    def mark(self, text: str, number: int) -> None:
        """Note what was promised by now."""
        self.events.append(Event("mark", text, number))


class _Layer:
    """The layer under one SQLite library; it keeps alive what C points to."""

    def __init__(self, library: str, recording: Recording) -> None:
        self._library = ctypes.CDLL(library)
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._recording = recording
        self._files: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._kept: list[Any] = []
        self._usual = self._library.sqlite3_vfs_find(None)
        self._ours = _Vfs.from_buffer_copy(self._usual.contents)
        self._ours.zName = _NAME
        self._ours.xOpen = self._callback(_OPEN, self._opener())
        self._ours.xDelete = self._callback(_DELETE, self._deleter())

    def put_under(self) -> None:
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._ours), 1) == 0

    def take_away(self) -> None:
        assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._ours)) == 0
        assert self._library.sqlite3_vfs_register(self._usual, 1) == 0

    def _callback(self, kind: Any, function: Callable[..., int]) -> int | None:
        kept = kind(function)
        self._kept.append(kept)
        return ctypes.cast(kept, c_void_p).value

    def _opener(self) -> Callable[..., int]:
        usual = _OPEN(self._usual.contents.xOpen)

        def opened(_vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
            answer = usual(ctypes.addressof(self._usual.contents), name, file, flags, out)
            path = Path(ctypes.string_at(name).decode()) if name else None
            if answer == 0 and path is not None and path.parent == self._recording.folder:
                self._files[file] = path.name
                self._patch(c_void_p.from_address(file))
            return answer

        return opened

    def _patch(self, methods: c_void_p) -> None:
        usual = methods.value
        assert usual is not None
        if usual not in self._methods:
            ours = _Methods.from_buffer_copy(_Methods.from_address(usual))
            ours.xWrite = self._callback(_WRITE, self._writer(_WRITE(ours.xWrite)))
            ours.xTruncate = self._callback(_TRUNCATE, self._cutter(_TRUNCATE(ours.xTruncate)))
            ours.xSync = self._callback(_SYNC, self._syncer(_SYNC(ours.xSync)))
            self._methods[usual] = ours
        methods.value = ctypes.addressof(self._methods[usual])

    def _writer(self, usual: Callable[..., int]) -> Callable[..., int]:
        def written(file: int, data: int, length: int, offset: int) -> int:
            self._note("write", self._files[file], offset, ctypes.string_at(data, length))
            return usual(file, data, length, offset)

        return written

    def _cutter(self, usual: Callable[..., int]) -> Callable[..., int]:
        def cut(file: int, size: int) -> int:
            self._note("truncate", self._files[file], size)
            return usual(file, size)

        return cut

    def _syncer(self, usual: Callable[..., int]) -> Callable[..., int]:
        def synced(file: int, flags: int) -> int:
            answer = usual(file, flags)
            self._note("sync", self._files[file])
            return answer

        return synced

    def _deleter(self) -> Callable[..., int]:
        usual = _DELETE(self._usual.contents.xDelete)

        def deleted(_vfs: int, name: bytes, sync_folder: int) -> int:
            path = Path(name.decode())
            if path.parent == self._recording.folder:
                self._note("delete", path.name, int(bool(sync_folder)))
            return usual(ctypes.addressof(self._usual.contents), name, sync_folder)

        return deleted

    def _note(self, kind: Kind, file: str, offset: int = 0, data: bytes = b"") -> None:
        self._recording.events.append(Event(kind, file, offset, data))


@contextmanager
def recording(library: str, folder: Path) -> Iterator[Recording]:
    """Note what SQLite does to the files in a folder; open and close them inside the block.

    Args:
        library: File of the shared library that has SQLite in it, or leads to it.
        folder: Whose files; it exists.
    """
    found = Recording(folder.resolve())
    layer = _Layer(library, found)
    layer.put_under()
    try:
        yield found
    finally:
        layer.take_away()


class Disk:
    """A disk with a cache: what is synced is safe, the rest may come through in any part."""

    def __init__(self) -> None:
        self._safe: dict[str, bytearray] = {}
        self._unsafe: list[Event] = []

    def take(self, event: Event) -> None:
        """Let one event happen."""
        if event.kind == "sync":
            if event.file not in self._safe and event.file.endswith(_SYNCED_WITH_THEIR_FOLDER):
                self._save(lambda each: each.kind == "delete")
            self._save(lambda each: each.file == event.file)
        elif event.kind == "delete" and event.offset:
            self._save(lambda each: each.file == event.file)
            _apply(self._safe, event)
        elif event.kind != "mark":
            self._unsafe.append(event)

    def all_through(self) -> dict[str, bytearray]:
        """As after a kill of the process alone: the machine still writes everything."""
        return self._with(self._unsafe)

    def nothing_through(self) -> dict[str, bytearray]:
        """The cache is lost."""
        return self._with([])

    def some_through(self, chance: random.Random) -> dict[str, bytearray]:
        """Any part of the cache came through: sectors and whole steps, some as garbage."""
        return self._with([part for each in self._unsafe for part in _parts(each, chance)])

    def _save(self, chosen: Callable[[Event], bool]) -> None:
        for each in self._unsafe:
            if chosen(each):
                _apply(self._safe, each)
        self._unsafe = [each for each in self._unsafe if not chosen(each)]

    def _with(self, events: Collection[Event]) -> dict[str, bytearray]:
        found = {name: bytearray(content) for name, content in self._safe.items()}
        for event in events:
            _apply(found, event)
        return found


def _apply(files: dict[str, bytearray], event: Event) -> None:
    if event.kind == "delete":
        files.pop(event.file, None)
        return
    content = files.setdefault(event.file, bytearray())
    if event.kind == "truncate":
        del content[event.offset :]
        return
    if len(content) < event.offset:
        content.extend(bytes(event.offset - len(content)))
    content[event.offset : event.offset + len(event.data)] = event.data


def _parts(event: Event, chance: random.Random) -> Iterator[Event]:
    if event.kind != "write":
        if chance.random() < 0.5:
            yield event
        return
    place, end = event.offset, event.offset + len(event.data)
    share = chance.choice((0.1, 0.5, 0.9))
    while place < end:
        stop = min((place // SECTOR + 1) * SECTOR, end)
        piece = event.data[place - event.offset : stop - event.offset]
        if chance.random() < 0.02:
            yield Event("write", event.file, place, chance.randbytes(len(piece)))
        elif chance.random() < share:
            yield Event("write", event.file, place, piece)
        place = stop


@dataclass(frozen=True, slots=True)
class Image:
    """What a power cut at one moment could leave.

    Attributes:
        moment: How many events had happened.
        how: Which part of the cache came through.
        files: The files, by name.
        marks: The last number of each mark before the cut.
    """

    moment: int
    how: str
    files: dict[str, bytearray]
    marks: dict[str, int]

    def write(self, folder: Path) -> None:
        """Put the files into a new folder."""
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def images(
    recorded: Recording, moments: Collection[int], chance: random.Random, some: int = 1
) -> Iterator[Image]:
    """What could be left at some moments.

    Args:
        recorded: What happened, from the making of the files on.
        moments: After how many events the power is cut.
        chance: Chooses what came through.
        some: How many images with a part of the cache there are to be of each moment.
    """
    disk = Disk()
    marks: dict[str, int] = {}
    for moment, event in enumerate(recorded.events, start=1):
        disk.take(event)
        if event.kind == "mark":
            marks[event.file] = event.offset
        if moment in moments:
            yield Image(moment, "all", disk.all_through(), dict(marks))
            yield Image(moment, "nothing", disk.nothing_through(), dict(marks))
            for number in range(some):
                found = disk.some_through(chance)
                yield Image(moment, f"some {number}", found, dict(marks))
