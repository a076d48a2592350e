"""What a base class leaves open is filled in by every class that is made.

Qt's own metaclass makes objects of classes with open methods without a word, so that mypy alone
refuses it, where it sees a class made by name; tabs and screens are made from a table.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path

import workstation

_ALEMBICS_OWN = "workstation.store.migrations"


def every_class() -> set[type]:
    for module in pkgutil.walk_packages(workstation.__path__, "workstation."):
        if not module.name.startswith(_ALEMBICS_OWN) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: set[type] = set()
    waiting = [object]
    while waiting:
        for heir in type.__subclasses__(waiting.pop()):
            if heir not in found:
                found.add(heir)
                waiting.append(heir)
    return {each for each in found if str(each.__module__).startswith("workstation.")}


def left_open(kind: type) -> list[str]:
    return [
        name
        for name in dir(kind)
        if getattr(getattr(kind, name, None), "__isabstractmethod__", False)
    ]


def leaves(kinds: set[type]) -> Iterator[type]:
    bases = {base for kind in kinds for base in kind.__mro__[1:]}
    protocols = {kind for kind in kinds if getattr(kind, "_is_protocol", False)}
    yield from kinds - bases - protocols


def test_nobody_leaves_open_what_a_base_asks_for() -> None:
    kinds = every_class()
    assert any(left_open(kind) for kind in kinds), "no base asks for anything: nothing is proven"
    problems = [
        f"{kind.__module__}.{kind.__name__}: {', '.join(left_open(kind))}"
        for kind in leaves(kinds)
        if left_open(kind)
    ]
    assert not sorted(problems)


def test_nothing_is_left_to_an_error_in_somebodys_shift() -> None:
    root = Path(workstation.__path__[0])
    found = [str(each) for each in root.rglob("*.py") if "NotImplementedError" in each.read_text()]
    assert found == [], "use @abstractmethod, or a base that does not ask for it"


def test_an_open_method_is_noticed() -> None:
    class Base:
        @abstractmethod
        def work(self) -> None:
            """Do it."""

    class Lazy(Base):
        pass

    class Busy(Base):
        def work(self) -> None:
            """Done."""

    assert (left_open(Lazy), left_open(Busy)) == (["work"], [])
    assert set(leaves({Base, Lazy, Busy})) == {Lazy, Busy}
