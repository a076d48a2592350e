"""The command line: thin words around what the program does."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from workstation import enrol_commands, store_commands
from workstation.kernel import words
from workstation.kernel.errors import Refused, Unavailable, WorkstationError
from workstation.ui.toolkit import display
from workstation.ui.toolkit.messages import explain

_FAILED = 1
_REFUSED = 2
_STOPPED = 130


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks.

    Returns:
        0 when it was done, 1 when a drill found a loss, 2 when something known went wrong, 130
        when it was stopped with Ctrl+C.
    """
    options = _parser().parse_args(arguments)
    if options.language:
        words.use(options.language)
    try:
        _need_folder(getattr(options, "folder", None))
        return int(options.do(options))
    except KeyboardInterrupt:
        print(
            f"\nworkstation: {words.tr('Stopped. What was saved before is kept.')}", file=sys.stderr
        )
        return _STOPPED
    except WorkstationError as error:
        print(f"workstation: {explain(error).line} [{error.code}]", file=sys.stderr)
        return _REFUSED


def _need_folder(folder: Path | None) -> None:
    """Refuse a folder that is a file, or would be in one."""
    for path in (folder, *folder.absolute().parents) if folder else ():
        if path.is_file():
            raise Refused("no-folder", path=path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workstation", description="The medical record on the ward, without a network too."
    )
    parser.add_argument("--language", choices=words.LANGUAGES, help="of what is printed")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_start(commands)
    _add_drill(commands)
    store_commands.add_to(commands)
    enrol_commands.add_to(commands)
    return parser


def _add_start(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    start = commands.add_parser("start", help="open the window of this terminal")
    start.add_argument("--folder", type=Path, help="where the record of this terminal is")
    start.add_argument("--demo", action="store_true", help="with a hospital of invented people")
    start.add_argument("--terminal", default="A", help="of the demo: B joins a running one")
    start.add_argument("--keep", action="store_true", help="go on with the last demo")
    start.add_argument("--seed", type=int, default=1, help="of the demo's ward")
    start.set_defaults(do=_start)


def _start(options: argparse.Namespace) -> int:
    if not display.is_there(os.environ):
        return _say_no_display()
    if options.demo:
        from workstation import demo

        return demo.start(
            folder=options.folder,
            terminal=options.terminal,
            keep=options.keep,
            seed=options.seed,
        )
    from workstation import app

    return app.run(["--folder", str(options.folder)] if options.folder else [])


def _say_no_display() -> int:
    """Say in every language what to do: nobody has logged in, so whose it is is not known."""
    error = Unavailable("no-display")
    spoken = words.language()
    for tongue in words.LANGUAGES:
        words.use(tongue)
        print(f"workstation: {explain(error).line}", file=sys.stderr)
    words.use(spoken)
    return _REFUSED


def _add_drill(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    drill = commands.add_parser(
        "drill",
        help="rehearse an outage and prove that nothing was lost",
        description="Rehearse an outage and prove that nothing was lost. With --server, what the"
        " drill charts stays on that server: vital signs, notes, orders and doses, moved beds,"
        " changed telephone numbers and addresses of the patients it finds on its fullest ward,"
        " and an invented person admitted there."
        " Never name a server with real patients. docs/servers.md tells how to prepare one.",
    )
    drill.add_argument(
        "--seed", type=int, default=1, help="number of the story; the same number plays the same"
    )
    drill.add_argument("--terminals", type=int, default=2, help="how many take part, at least 2")
    drill.add_argument(
        "--minutes", type=float, default=20, help="of ward work in the outage, played fast"
    )
    drill.add_argument(
        "--server", metavar="URL", help="a FHIR R4 test server of your own, never one in use"
    )
    drill.add_argument(
        "--out",
        type=Path,
        default=Path("out/drill"),
        metavar="DIR",
        help="new, empty, or of an earlier drill",
    )
    drill.set_defaults(do=_drill)


def _drill(options: argparse.Namespace) -> int:
    from workstation.drill.story import Plan, play

    signal.signal(signal.SIGTERM, _end)
    report = play(
        Plan(
            seed=options.seed,
            terminals=options.terminals,
            minutes=options.minutes,
            server=options.server,
            out=options.out,
        ),
        say=print,
    )
    return 0 if report.passed else _FAILED


def _end(number: int, _frame: object) -> None:
    """Leave by the way on which the server and the terminals of a drill are ended too."""
    raise SystemExit(128 + number)
