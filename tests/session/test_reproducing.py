"""Command lines for what is on the screen: read back by a shell as what was meant."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Refinement, SortKey
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import TYPED, SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.library import load_library, parse_query
from flowtui.session.reproducing import Reached, asking_line, attaching_line, reached
from flowtui.session.sittings import Reach
from flowtui.session.sources import Source, SourceKind

LIBRARY = load_library()
NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
HOUR = TimeRange(datetime(2026, 11, 24, 9, 42, tzinfo=UTC), NOW)
PLACE = Reached("athena://logs.flows", Reach(profile="audit"), is_paid=True)
# What a shell cannot be told in one word at all: NUL.
WORDS = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]))


@given(WORDS.filter(bool), WORDS.filter(bool))
def test_every_word_passes_the_shell(place: str, text: str) -> None:
    """Quotes, spaces, line ends and dashes in a source, an order and a search stay in one word."""
    refinement = Refinement((SortKey(text, is_descending=True),), text)
    line = asking_line(View(LIBRARY.records), HOUR, Reached(place), refinement, LIBRARY)
    assert shlex.split(line) == ["flowtui", "query", "records", place,
                                 "--filter=from:2026-11-24T09:42Z to:2026-11-24T10:42Z",
                                 f"--sort=-{text}", f"--contains={text}"]  # fmt: skip
    again = attaching_line("abc", Reached(place), refinement)
    assert shlex.split(again)[:5] == ["flowtui", "query", "--attach", "abc", place]


def test_sql_of_ones_own_goes_in_by_stdin_with_its_parameters() -> None:
    """What a shell reads is the query's file, which reads back as the same query."""
    found = LIBRARY.get("records-of-ip")
    query = SavedQuery("mine", "It's \"mine\"", "SELECT 'a'\nFROM flows", source=TYPED,
                       parameters=found.parameters, wants_health=True)  # fmt: skip
    view = View(query, parse_filter("dstport:22", now=NOW), (("ip", "10.0.0.1"),))
    words = shlex.split(asking_line(view, None, PLACE, library=LIBRARY))
    text, rest = words[2], words[words.index("|") + 1 :]
    assert words[:2] == ["printf", "%s"]
    back = parse_query(text, "mine")
    assert (back.sql, back.parameters, back.wants_health) == (query.sql, found.parameters, True)
    assert rest[:5] == ["flowtui", "query", "-", "athena://logs.flows", "--profile=audit"]
    assert "--param=ip=10.0.0.1" in rest
    assert "--filter=dstport:22 from:1970-01-01T00:00Z" in rest


def test_a_name_that_means_other_sql_is_not_used() -> None:
    """A query edited under its name, and one of Athena's own, run as SQL."""
    known = LIBRARY.get("timeline")
    for query in (SavedQuery("timeline", "T", "SELECT 1 FROM flows"),
                  SavedQuery("timeline", "T", known.sql, named_id="x")):  # fmt: skip
        assert " query - " in asking_line(View(query), None, PLACE, library=LIBRARY)
    assert " query timeline " in asking_line(View(known), None, PLACE, library=LIBRARY)


def test_a_source_is_named_by_its_place() -> None:
    """A relative path becomes a whole one; a name of the settings, what it stands for."""
    local = reached(Source(SourceKind.LOCAL, "logs", "logs/a b", "${version}"))
    assert local.text.startswith("/")
    assert local.reach.format == "${version}"
    paid = reached(Source(SourceKind.S3, "prod", "s3://b/p/", region="eu-west-1"))
    assert (paid.text, paid.reach.region, paid.is_paid) == ("s3://b/p/", "eu-west-1", True)
    assert reached(Source(SourceKind.DEMO, "demo", "/x/demo")).text == "demo"
