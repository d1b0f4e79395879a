"""What is typed in an editor and not run yet: found again, and kept, however it is left."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.errors import ConfigError, FlowtuiError
from flowtui.session.drafts import Draft, Drafts
from flowtui.ui.editor.texts import Texts
from flowtui.ui.runner import Lane, Post

if TYPE_CHECKING:
    from flowtui.ui.editor.screen import EditorScreen


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


class Drafting:
    """Keeps the draft of an editor."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._drafts = screen.explore.setting.drafts

    def begin(self) -> None:
        """Show the draft, else what there is; the draft may come from the disk later."""
        screen, key = self._screen, self._screen.sheet.key
        screen.explore.runner.close_at_end(self._drafts.write)
        if (draft := self._drafts.held(key)) is not None:
            self._take(draft)
            return
        screen.area.take(screen.sheet.text)
        if not self._drafts.is_known(key):
            screen.start(Lane.DRAFT, partial(read_draft, self._drafts, key))

    def _take(self, draft: Draft) -> None:
        screen = self._screen
        try:
            exact = screen.explore.parse(draft.line)
        except FlowtuiError:  # made over a table with other columns
            exact = screen.sheet.view.filter
        screen.texts = Texts.of(draft, exact)
        screen.area.take(screen.texts.in_view)

    def take_earlier(self, event: DraftRead) -> bool:
        """Take the draft of an earlier sitting; False where what is typed here counts."""
        screen = self._screen
        if self._drafts.is_known(event.key):
            return False  # typed faster than the disk was read
        if screen.area.text != screen.sheet.text:
            screen.note("A draft of an earlier sitting was here; what you type takes its place.")
            return False
        self._take(event.draft)
        screen.note("Your draft is back.", "good")
        return True

    def keep(self) -> None:
        """Have what is typed outlive this sitting."""
        screen = self._screen
        draft = screen.texts.draft(screen.area.text)
        is_changed = draft.text != screen.sheet.text or draft.is_finished
        wanted = draft if is_changed else None
        if self._drafts.held(screen.sheet.key) != wanted:
            self._hold(wanted)

    def forget(self) -> None:
        """It was run, or kept as a query: there is nothing to outlive."""
        self._hold(None)

    def _hold(self, draft: Draft | None) -> None:
        self._drafts.hold(self._screen.sheet.key, draft)
        self._screen.explore.start(Lane.DRAFT, partial(write_drafts, self._drafts))
