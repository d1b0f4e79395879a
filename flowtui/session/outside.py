"""A text on its way to an editor of the person's own, and back: a file for this user alone."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flowtui.errors import ConfigError
from flowtui.session.drafts import MOST_SQL_BYTES
from flowtui.session.paths import private_dir


def editor_command(env: Mapping[str, str]) -> list[str]:
    """The words of `$VISUAL`, else of `$EDITOR`, else `vi`.

    Raises:
        ConfigError: A quote in it is left open.
    """
    for name in ("VISUAL", "EDITOR"):
        if text := env.get(name, "").strip():
            try:
                return shlex.split(text)
            except ValueError as error:
                raise ConfigError(f"${name} cannot be read: {error}.", "Set it anew.") from error
    return ["vi"]


def put_out(text: str, directory: Path) -> Path:
    """Write a text to a new file that nobody else may read. Blocks on the disk.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        private_dir(directory)
        handle, name = tempfile.mkstemp(dir=directory, prefix="flowtui-", suffix=".sql")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"There is no room for a file in {directory}: {reason}.") from error
    return Path(name)


def take_back(path: Path) -> str:
    """What the editor wrote; the file goes. Blocks on the disk.

    Raises:
        ConfigError: It is gone, no text, or too long; then the file stays.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_SQL_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"{path} cannot be read back: {reason}.") from error
    if len(data) > MOST_SQL_BYTES:
        raise ConfigError("That is too long for Athena's 262 144 bytes.", f"It is kept in {path}.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError("What came back is not UTF-8 text.", f"It is kept in {path}.") from error
    with suppress(OSError):
        path.unlink()
    return text.removesuffix("\n")
