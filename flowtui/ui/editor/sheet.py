"""What is in the editor: the SQL of a view, or a file of saved SQL as it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.session.drafts import draft_key

TYPED_SLUG: Final = "sql:typed"
"""Of SQL that was typed; no file can have this name."""
_EDITED: Final = " (edited)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to edit."""

    text: str
    """The author's SQL; of a file all of it, with the comment at its top."""
    view: View
    """Whose SQL it is, and under which filter it would be asked."""
    path: Path | None = None
    """The file whose text this is; None: SQL only."""

    @property
    def key(self) -> str:
        """Under which its draft is kept."""
        slug = self.view.query.slug
        if self.path is not None:
            return draft_key("", str(self.path))
        return draft_key(self.text if slug == TYPED_SLUG else "", slug)

    @property
    def heading(self) -> str:
        """What is edited."""
        return str(self.path) if self.path is not None else self.view.query.title

    def question(self, text: str) -> tuple[SavedQuery, int]:
        """The query that an edited text is, and the line of it, from 0, at which its SQL begins.

        Raises:
            QueryFileError: The comment at the top of a file is wrong.
            QueryError: It is no SQL.
        """
        from flowtui.library.files import parse_query, sql_line
        from flowtui.sql import typed_query

        base = self.view.query
        if self.path is not None:
            query = parse_query(text, self.path.stem)
            typed = typed_query(query.sql, query)
            drill, is_records = query.drill, query.is_records or typed.is_records
            return replace(typed, drill=drill, is_records=is_records), sql_line(text)
        title = (
            base.title if base.slug == TYPED_SLUG else base.title.removesuffix(_EDITED) + _EDITED
        )
        typed = typed_query(text, base)
        return replace(typed, slug=TYPED_SLUG, title=title, group="Mine"), 0
