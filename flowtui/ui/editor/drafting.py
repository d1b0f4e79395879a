"""Drafts, read and written in threads; as in `work`, each function blocks."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from textual.message import Message

from flowtui.errors import ConfigError
from flowtui.session.drafts import Draft, Drafts
from flowtui.ui.runner import Post


@dataclass
class DraftRead(Message):
    """The draft of an earlier sitting is here."""

    key: str
    draft: Draft


def read_draft(drafts: Drafts, key: str, post: Post, _cancelled: threading.Event) -> None:
    """Read a draft; nothing where there is none."""
    if (draft := drafts.load(key)) is not None:
        post(DraftRead(key, draft))


def write_drafts(drafts: Drafts, _post: Post, _cancelled: threading.Event) -> None:
    """Bring the drafts on the disk up to date."""
    try:
        drafts.write()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(
            f"The draft was not written: {reason}.", "It is kept here only."
        ) from error
