"""Queries of the person's own and of the work group, read and kept in threads.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.base import NamedQueryStore
from flowtui.library import Library
from flowtui.session.ownqueries import (
    Words,
    delete_query,
    file_for,
    own_query,
    read_text,
    rename_query,
    write_query,
    write_text,
)
from flowtui.session.session import Session
from flowtui.ui.messages import FileThere, Heard, Kept, LibraryRead, NamedRead
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

NamedWork = Callable[[NamedQueryStore, Post, threading.Event], None]
"""Work on the named queries."""


def read_named(session: Session, post: Post, cancelled: threading.Event) -> None:
    """Read the named queries and what was spent; nothing where the source has neither."""
    if session.service is None:
        return
    tell_money(session, post)
    named = session.service.named.all(cancelled)
    if not cancelled.is_set():
        post(NamedRead(named))


def keep_file(
    session: Session,
    view: View,
    words: Words,
    directory: Path,
    read_library: Callable[[], Library],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Keep a view as a file of one's own, where there is none of that name."""
    keep_new(own_query(session, view, words), directory, read_library, post, cancelled)


def keep_new(
    query: SavedQuery,
    directory: Path,
    read_library: Callable[[], Library],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Keep a query as a file of one's own, where there is none of that name."""
    path = file_for(query.title, directory)
    query = replace(query, slug=path.stem)
    if path.exists():
        post(FileThere(query, path))
    else:
        write_file(query, path, read_library, post, cancelled)


def write_file(
    query: SavedQuery,
    path: Path,
    read_library: Callable[[], Library],
    post: Post,
    _cancelled: threading.Event,
) -> None:
    """Write a query's file, and list it."""
    write_query(query, path)
    post(LibraryRead(read_library()))
    post(Kept(f"Kept in {path}"))


@dataclass
class FileRead(Heard):
    """A file is here, to be edited."""

    path: Path
    text: str
    view: View

    def tell(self, screen: ExploreScreen) -> None:
        """Open it."""
        from flowtui.ui.actions.editing import open_editor
        from flowtui.ui.editor.sheet import Sheet

        open_editor(screen, Sheet(self.text, self.view, self.path))


def read_file(path: Path, view: View, post: Post, _cancelled: threading.Event) -> None:
    """Read a file of SQL, to be edited."""
    post(FileRead(path, read_text(path), view))


def rename_file(
    path: Path,
    title: str,
    read_library: Callable[[], Library],
    post: Post,
    _cancelled: threading.Event,
) -> None:
    """Give a file another title, and the name that goes with it."""
    new = rename_query(path, title)
    post(LibraryRead(read_library()))
    post(Kept(f"It is in {new} now."))


def delete_file(
    path: Path, read_library: Callable[[], Library], post: Post, _cancelled: threading.Event
) -> None:
    """Delete a file, and list what is left."""
    delete_query(path)
    library = read_library()
    post(LibraryRead(library))
    is_back = any(query.slug == path.stem for query in library.queries)
    back = " The one that ships with flowtui is back." if is_back else ""
    post(Kept(f"Deleted {path}.{back}"))


@dataclass
class FileChanged(Message):
    """A file is no longer what it was when it was opened."""

    path: Path


@dataclass
class FileWritten(Message):
    """A file holds this text now."""

    path: Path
    text: str


def write_over(
    path: Path,
    before: str | None,
    text: str,
    read_library: Callable[[], Library],
    post: Post,
    _cancelled: threading.Event,
) -> None:
    """Put a text in the place of a file's, and list what it holds now.

    Args:
        path: Of the file.
        before: What it held when it was opened; None: whatever it holds now.
        text: The new one.
        read_library: Reads the saved queries.
        post: Tells what came of it.
    """
    if before is not None and path.exists() and read_text(path) != before.rstrip("\n"):
        post(FileChanged(path))
        return
    write_text(text.rstrip("\n") + "\n", path)
    library = read_library()
    post(FileWritten(path, text))
    post(LibraryRead(library))
    broken = next((one for one in library.broken if one.path == path), None)
    wrong = f" It cannot be used yet: {broken.message}." if broken else ""
    post(Kept(f"Kept in {path}.{wrong}"))


def keep_named(
    words: Words, sql: str, named: NamedQueryStore, post: Post, cancelled: threading.Event
) -> None:
    """Keep SQL as a named query, and list it."""
    named.create(words.title, words.description, sql)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Kept as the named query {words.title}"))


def update_named(
    named_id: str,
    words: Words,
    sql: str,
    named: NamedQueryStore,
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Change a named query, and list it as it is now."""
    named.update(named_id, words.title, words.description, sql)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Changed the named query {words.title}"))


def delete_named(
    named_id: str, title: str, named: NamedQueryStore, post: Post, cancelled: threading.Event
) -> None:
    """Delete a named query, and list what is left."""
    named.delete(named_id)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Deleted the named query {title}"))
