"""Pictures of every screen: ``python -m tests.gallery OUT [--scene NAME] [--scale 150]``.

A feature registers its scenes in ``tests/scenes/<feature>.py`` as ``SCENES``: a tuple of `Scene`.
Each is built anew for each language and theme and rendered without a display.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from workstation.kernel import words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.tokens import ThemeName

LIMIT_BYTES = 300_000


@dataclass(frozen=True)
class Scene:
    """One picture to take.

    Attributes:
        name: Its file's name.
        build: Makes the widget, complete with its data; language and theme are already set.
        size: Width and height in pixels.
        scales: Per cent at which it is rendered in Vietnamese, light, besides 100.
        settle: Called after the widget shows, for what needs a size or focus.
    """

    name: str
    build: Callable[[], QWidget]
    size: tuple[int, int] = (1366, 768)
    scales: tuple[int, ...] = ()
    settle: Callable[[QWidget], None] | None = None


def scenes() -> list[Scene]:
    """All scenes of all features, by name."""
    import tests.scenes as package

    found: list[Scene] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"tests.scenes.{module.name}")
        found += getattr(loaded, "SCENES", ())
    return sorted(found, key=lambda scene: scene.name)


def application() -> QApplication:
    """The one application of this process."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(["gallery"])


def settle(rounds: int = 4) -> None:
    """Let queued answers and layouts through."""
    for _ in range(rounds):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def wait_for(done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Run the event loop until `done`; a scene that reads through real tasks uses it."""
    import time

    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the scene did not get ready")
        QApplication.processEvents()
        time.sleep(0.002)
    settle()


def render(
    scene: Scene,
    language: words.Language,
    name: ThemeName,
    scale: int = 100,
    look: Callable[[QWidget], None] | None = None,
) -> QImage:
    """Build and draw one scene; `look` sees the widget while it shows.

    Garbage waits until the scene is gone: a collection inside Qt's own taking down of a widget
    frees others under Qt's lock, and the process hangs. The threads that the scene started end
    with it; a scene need not care.
    """
    was_on = gc.isenabled()
    gc.disable()
    before = running()
    try:
        return _drawn(scene, language, name, scale, look)
    finally:
        for tasks in running():
            if tasks not in before:
                tasks.shutdown()
        gc.collect()
        if was_on:
            gc.enable()


def running() -> list[TaskRunner]:
    """Every runner of this process that nobody has shut down.

    Each looks through the whole heap every minute as long as it lives, though nobody needs it any
    more: the runners that a gallery left held up the tests after it for many seconds.
    """
    return [each for each in gc.get_objects() if type(each) is TaskRunner and not each.closed]


def _drawn(
    scene: Scene,
    language: words.Language,
    name: ThemeName,
    scale: int,
    look: Callable[[QWidget], None] | None,
) -> QImage:
    words.use(language)
    theme.use(application(), name, scale)
    widget = scene.build()
    widget.resize(*scene.size)
    widget.show()
    settle()
    if scene.settle is not None:
        scene.settle(widget)
        settle()
    if look is not None:
        look(widget)
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    widget.close()
    widget.deleteLater()
    settle()
    return image


def variants(scene: Scene) -> Iterator[tuple[str, words.Language, ThemeName, int]]:
    """File name, language, theme and scale of each picture of a scene."""
    for language in words.LANGUAGES:
        for name in ("light", "dark"):
            yield f"{scene.name}-{language}-{name}.png", language, name, 100
    for scale in scene.scales:
        yield f"{scene.name}-vi-light-{scale}.png", "vi", "light", scale


def main(arguments: list[str] | None = None) -> int:
    """Render what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scene", action="append", help="only scenes whose name contains this")
    parser.add_argument("--only", help="only pictures whose file name contains this")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    written = 0
    for scene in scenes():
        if options.scene and not any(part in scene.name for part in options.scene):
            continue
        for file, language, name, scale in variants(scene):
            if options.only and options.only not in file:
                continue
            target = options.out / file
            render(scene, language, name, scale).save(str(target), "PNG", 60)
            written += 1
            if target.stat().st_size > LIMIT_BYTES:
                print(f"{file}: {target.stat().st_size} bytes, over the limit of {LIMIT_BYTES}")
    print(f"{written} pictures in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
