"""The key under which copies are anonymised: made once, for this user alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import Final

from flowtui.errors import ConfigError
from flowtui.session import paths
from flowtui.session.anonymise import Anonymiser

_SIZE: Final = 32


def anonymiser() -> Anonymiser:
    """What changes accounts, addresses and ids under this user's key. Blocks on the disk.

    Raises:
        ConfigError: The key can neither be read nor made: another one would change all names.
    """
    path = paths.anonymise_key_file()
    try:
        if not path.exists():
            _make(str(path))
        key = path.read_bytes()
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise ConfigError(f"{path} cannot be used: {error.strerror or error}.", "") from error
    if len(key) != _SIZE:
        raise ConfigError(f"{path} holds no key.", "Delete it: another one is made.")
    return Anonymiser(key)


def _make(path: str) -> None:
    """Make the key, whole or not at all; where another process was first, its key stays."""
    paths.private_dir(paths.state_dir())
    unfinished = f"{path}.{os.getpid()}-{secrets.token_hex(4)}"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)
