"""Splits JSON into its parts without reading them, so that one odd part does not hide the others.

Only for what the strict reader has refused: it walks bracket by bracket, without recursion, and
takes any text between the brackets for what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

_MARKS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]', re.DOTALL)
_strings: Final = msgspec.json.Decoder(str)


def members(text: bytes) -> dict[str, bytes]:
    """The members of an object as they stand there, by name; the last of equal names counts.

    Returns:
        Nothing when the text is no whole object.
    """
    found: dict[str, bytes] = {}
    for part in _parts(text, b"{", b"}"):
        name = _MARKS.match(part)
        joint = _MARKS.search(part, name.end()) if name else None
        if name is None or joint is None or joint.group() != b":":
            continue
        key = string(name.group())
        if key is not None:
            found[key] = part[joint.end() :].strip()
    return found


def items(text: bytes) -> list[bytes]:
    """The items of a list as they stand there; none when the text is no whole list."""
    return list(_parts(text, b"[", b"]"))


def string(text: bytes | None) -> str | None:
    """A JSON string; None for anything else, also one that is not UTF-8."""
    if text is None:
        return None
    try:
        return _strings.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        return None


def _parts(text: bytes, opening: bytes, closing: bytes) -> Iterator[bytes]:
    """What stands between the outermost brackets, cut at the commas."""
    text = text.strip()
    if not (text.startswith(opening) and text.endswith(closing)) or not _is_whole(text):
        return
    depth, start = 0, 1
    for mark in _MARKS.finditer(text):
        sign = mark.group()
        if sign in (b"{", b"["):
            depth += 1
        elif sign in (b"}", b"]"):
            depth -= 1
        if (sign == b"," and depth == 1) or depth == 0:
            part = text[start : mark.start()].strip()
            if part:
                yield part
            start = mark.end()


def _is_whole(text: bytes) -> bool:
    """Whether every bracket is closed by its like, and nothing follows the first one's."""
    open_: list[bytes] = []
    end = 0
    for mark in _MARKS.finditer(text):
        sign = mark.group()
        if sign in (b"{", b"["):
            if end:
                return False
            open_.append(b"}" if sign == b"{" else b"]")
        elif sign in (b"}", b"]"):
            if not open_ or open_.pop() != sign:
                return False
            end = 0 if open_ else mark.end()
    return end == len(text)
