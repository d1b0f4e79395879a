"""What the command line says on stderr, and how it ends.

stdout belongs to the data. Everything said passes through here, so that a file name or a value
cannot write control characters to the terminal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NoReturn

import click

from flowtui.errors import FilterError, FlowtuiError

if TYPE_CHECKING:
    from flowtui.domain.executions import LeftOut

FAILED: Final = 1
LEFT_OUT: Final = 3
STOPPED: Final = 4
FOUND: Final = 5
"""A hunt found something."""
INTERRUPTED: Final = 130

EXIT_CODES: Final = """\b
Exit codes:
  0    done
  1    the query or the source failed
  2    wrong usage: an option, filter, setting or query
  3    with --strict: some input could not be used
  4    timed out, or cancelled on the engine
  130  interrupted (Ctrl-C); the query is cancelled first
"""

_MOST_FILES: Final = 10


def say(text: str) -> None:
    """One message on stderr, free of control characters."""
    from flowtui.session.copytext import plain

    click.echo(plain(text), err=True)


def say_error(error: FlowtuiError) -> None:
    """What went wrong and what to do next; for a filter, with the wrong part marked."""
    say(f"flowtui: {error.message}")
    if isinstance(error, FilterError) and error.text:
        begin, end = error.span
        say(f"  {error.text}\n  {' ' * begin}{'^' * max(1, end - begin)}")
    if error.hint:
        say(f"  {error.hint}")


def say_left_out(left_out: tuple[LeftOut, ...], is_complete: bool = False) -> None:
    """Which input could not be used, file by file."""
    shown = left_out if is_complete else left_out[:_MOST_FILES]
    for one in shown:
        lines = f"{one.count:,} lines" if one.count != 1 else "1 line"
        what = f"{lines} left out, the first is line {one.first_line}" if one.count else "left out"
        if one.count and one.first_line is None:
            what = f"{lines} left out"
        say(f"flowtui: {one.path}: {what}: {one.reason}")
    if len(left_out) > len(shown):
        say(f"flowtui: and {len(left_out) - len(shown):,} more files; `flowtui doctor` names all.")


def give_up_stdout() -> NoReturn:
    """End quietly once nobody reads stdout any more, as after `| head`."""
    import os

    # Python flushes stdout when it exits, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
