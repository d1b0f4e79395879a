"""A comparison on Athena: one statement, and the figures of the two questions asked apart."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.domain.comparing import compared
from flowtui.domain.filterline import parse_filter
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.session.session import Session
from tests.athena_server.demo_tables import LAYOUTS
from tests.engines.athena.test_same_rows import NOW, Sources, demo_objects, rows, sources

__all__ = ["demo_objects", "sources"]

HOUR = "from:2026-11-23T14:00Z to:2026-11-23T15:00Z"
BEFORE = {
    "previous": "from:2026-11-23T13:00Z to:2026-11-23T14:00Z",
    "-5h": "from:2026-11-23T09:00Z to:2026-11-23T10:00Z",
}
ASKED = {
    "top-rejected-pairs": (("limit", "100000"),),
    "calls-by-ip": (("ip", "10.20.12.0/24"), ("limit", "100000")),
    "log-health": (),
}
Groups = dict[tuple[Any, ...], dict[str, Any]]


def groups(session: Session, view: View, keys: int) -> Groups:
    """The rows by their first columns."""
    names, found = rows(session, view)
    return {row[:keys]: dict(zip(names, row, strict=True)) for row in found}


@pytest.mark.parametrize("table", LAYOUTS)
@pytest.mark.parametrize("against", BEFORE)
@pytest.mark.parametrize("slug", ASKED)
def test_it_equals_the_two_questions_and_the_files(
    slug: str, against: str, table: str, sources: Sources
) -> None:
    """Every layout: what the files tell, row by row, and what each window tells alone."""
    query = load_library(None).get(slug)
    both = View(compared(query, against), parse_filter(HOUR, now=NOW), ASKED[slug])
    session = sources.athena[table]
    names, found = rows(session, both)
    assert (names, found) == rows(sources.local, both)
    keys = names.index("change")
    now = groups(session, View(query, parse_filter(HOUR, now=NOW), ASKED[slug]), keys)
    before = groups(session, View(query, parse_filter(BEFORE[against], now=NOW), ASKED[slug]), keys)
    assert {row[:keys] for row in found} == set(now) | set(before)
    for row in found:
        told = dict(zip(names, row, strict=True))
        assert told["records"] == now.get(row[:keys], {"records": 0})["records"]
        assert told["records_before"] == before.get(row[:keys], {"records": 0})["records"]
