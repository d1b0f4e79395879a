"""Writes a named source into config.toml; every other line, comments too, stays as it is."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from flowtui.errors import ConfigError
from flowtui.session.config import SourceConfig, load_config
from flowtui.session.paths import config_file, private_dir

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")


def wrong_name(name: str, taken: tuple[str, ...]) -> str:
    """What is wrong with a name for a source; empty: nothing.

    Args:
        name: As typed.
        taken: Names of sources and commands.
    """
    if not _NAME.fullmatch(name):
        return "A name has letters, digits, - and _ only."
    if name == "demo" or name in taken:
        return f"The name {name} is taken."
    return ""


def remember_source(name: str, source: SourceConfig) -> Path:
    """Add `[sources.NAME]` to config.toml, which is made where it is not there; its path.

    The file is replaced as a whole once the new text has been read back as valid settings.

    Raises:
        ConfigError: The file is not valid, the name is taken, or it cannot be written.
    """
    if wrong := wrong_name(name, tuple(load_config().sources)):
        raise ConfigError(wrong, "Choose another name.")
    return _write(lambda text: _with_source(text, name, source))


def remember_theme(name: str) -> Path:
    """Set `theme` in config.toml, which is made where it is not there; its path.

    Raises:
        ConfigError: The file is not valid, or cannot be written.
    """
    load_config()
    return _write(lambda text: _with_setting(text, "theme", name))


def _write(change: Callable[[str], str]) -> Path:
    # Settings kept elsewhere are often a link; what it leads to is replaced, not the link.
    path = Path(os.path.realpath(config_file()))
    try:
        # Bytes, so that line ends stay as they are.
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        _replace(path, change(text))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"{path} cannot be written: {reason}", "Add it by hand.") from error
    return path


def _with_setting(text: str, key: str, value: str) -> str:
    """With a setting of the top level; a new one stands before the first table, as TOML wants."""
    import tomlkit

    document = tomlkit.parse(text)
    if key in document:
        document[key] = value
        return tomlkit.dumps(document)
    return tomlkit.dumps({key: value}) + text


def _with_source(text: str, name: str, source: SourceConfig) -> str:
    import tomlkit
    from tomlkit.items import InlineTable

    document = tomlkit.parse(text)
    if "sources" not in document:
        document["sources"] = tomlkit.table(is_super_table=True)
    sources: Any = document["sources"]
    is_inline = isinstance(sources, InlineTable)
    table: Any = tomlkit.inline_table() if is_inline else tomlkit.table()
    for field in fields(source):
        if value := getattr(source, field.name):
            table[field.name] = value
    sources[name] = table
    return tomlkit.dumps(document)


def _replace(path: Path, text: str) -> None:
    if not path.parent.exists():
        private_dir(path.parent)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".config-", suffix=".toml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        load_config(Path(unfinished))  # what could not be read back is not put in place
        if path.exists():
            shutil.copymode(path, unfinished)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
