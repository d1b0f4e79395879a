"""Queries of the person's own and of the work group, read and kept in threads.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.base import NamedQueryStore
from flowtui.library import Library
from flowtui.session.ownqueries import file_for, own_query, write_query
from flowtui.session.session import Session
from flowtui.ui.messages import FileThere, Kept, LibraryRead, NamedRead
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money

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
    words: tuple[str, str],
    directory: Path,
    read_library: Callable[[], Library],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Keep a view as a file of one's own, where there is none of that name."""
    path = file_for(words[0], directory)
    query = replace(own_query(session, view, *words), slug=path.stem)
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


def keep_named(
    words: tuple[str, str], sql: str, named: NamedQueryStore, post: Post, cancelled: threading.Event
) -> None:
    """Keep SQL as a named query, and list it."""
    named.create(*words, sql)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Kept as the named query {words[0]}"))


def update_named(
    named_id: str,
    words: tuple[str, str],
    sql: str,
    named: NamedQueryStore,
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Change a named query, and list it as it is now."""
    named.update(named_id, *words, sql)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Changed the named query {words[0]}"))


def delete_named(
    named_id: str, title: str, named: NamedQueryStore, post: Post, cancelled: threading.Event
) -> None:
    """Delete a named query, and list what is left."""
    named.delete(named_id)
    post(NamedRead(named.all(cancelled)))
    post(Kept(f"Deleted the named query {title}"))
