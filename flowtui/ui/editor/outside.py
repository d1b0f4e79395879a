"""The editor of the person's own, in place of the screen until it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported
from textual.message import Message

from flowtui.errors import ConfigError
from flowtui.session.outside import editor_command, put_out, take_back
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

_REMEDY: Final = "Set $VISUAL or $EDITOR to one that can be."


@dataclass
class PutOut(Message):
    """The text stands in a file."""

    path: Path
    text: str


@dataclass
class TakenBack(Message):
    """The text that came back."""

    text: str
    before: str


def write_out(text: str, directory: Path, post: Post, _cancelled: threading.Event) -> None:
    """Write the text to a file."""
    post(PutOut(put_out(text, directory), text))


def read_back(path: Path, before: str, post: Post, _cancelled: threading.Event) -> None:
    """Read what the editor wrote."""
    post(TakenBack(take_back(path), before))


async def edit(app: FlowtuiApp, path: Path, env: Mapping[str, str]) -> None:
    """Let the person edit a file; over when the editor ends.

    The event loop goes on meanwhile, and draws nothing.

    Raises:
        ConfigError: There is no such editor, or it failed.
    """
    words = editor_command(env)
    app.is_lent = True
    try:
        # In this order: what is to be drawn meanwhile waits for a screen that is ours again.
        with app.batch_update(), app.suspend():
            outcome = await _outcome(words, path)
    except SuspendNotSupported as error:
        raise ConfigError("This terminal cannot be lent to an editor.") from error
    finally:
        app.is_lent = False
    if isinstance(outcome, str):
        raise ConfigError(f"{words[0]} cannot be started: {outcome}.", _REMEDY)
    if outcome:
        how = f"signal {-outcome}" if outcome < 0 else f"status {outcome}"
        raise ConfigError(
            f"{words[0]} ended with {how}; the text here is as it was.",
            f"What it wrote is in {path}.",
        )


async def _outcome(words: list[str], path: Path) -> int | str:
    """Its status, or why it did not start: Textual 8.2.8 resumes only where nothing is raised."""
    try:
        process = await asyncio.create_subprocess_exec(*words, str(path))
        return await process.wait()
    except (OSError, ValueError) as error:
        return (error.strerror if isinstance(error, OSError) else None) or str(error)
