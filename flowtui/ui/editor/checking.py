"""What is typed, judged in a thread: as it would run, and where it is wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Final

from textual.message import Message

from flowtui.domain.executions import Statement
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError, QueryError
from flowtui.library import QueryFileError
from flowtui.session.session import Session
from flowtui.ui.editor.sheet import Sheet
from flowtui.ui.runner import Post

_P = ParameterType
_SAMPLES: Final = {
    _P.COUNT: "1", _P.PORT: "1", _P.PORTS: "1", _P.ADDRESS: "192.0.2.1", _P.CIDR: "192.0.2.1",
    _P.CIDRS: "192.0.2.1", _P.DURATION: "1m", _P.BYTES: "1", _P.TEXT: "",
}  # fmt: skip
"""What stands for a value that is asked for only when it runs."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text, and how it is to be run."""

    text: str
    view: View
    """Whose SQL it was, under the filter that applies."""


@dataclass
class Checked(Message):
    """What became known of a text."""

    judged: Judged
    view: View | None = None
    statement: Statement | None = None
    """As it would run; with samples for values that are `missing`."""
    missing: tuple[Parameter, ...] = ()
    error: FlowtuiError | None = None
    position: tuple[int, int] | None = None
    """Line and column, from 1, where it is wrong."""


def check(
    session: Session, sheet: Sheet, judged: Judged, post: Post, _cancelled: threading.Event
) -> None:
    """Build the statement that a text means, and run nothing."""
    post(checked(session, sheet, judged))


def checked(session: Session, sheet: Sheet, judged: Judged) -> Checked:
    """What is known of a text. Blocks for as long as reading it takes."""
    first = 0
    try:
        query, first = sheet.question(judged.text)
        known = dict(sheet.view.arguments)
        given = tuple((p.name, known[p.name]) for p in query.parameters if p.name in known)
        missing = tuple(p for p in query.parameters if not (p.default or known.get(p.name)))
        view = replace(judged.view, query=query, arguments=given, label="")
        samples = tuple((p.name, _SAMPLES[p.type]) for p in missing)
        statement = session.compile(replace(view, arguments=(*given, *samples)))
        return Checked(judged, view, statement, missing)
    except QueryFileError as error:
        return Checked(judged, error=error, position=(error.line, 1) if error.line else None)
    except QueryError as error:
        place = error.position
        return Checked(
            judged, error=error, position=(place[0] + first, place[1]) if place else None
        )
    except FlowtuiError as error:
        return Checked(judged, error=error)
