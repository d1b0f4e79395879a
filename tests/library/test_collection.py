"""The list of saved queries: ours, the user's over them, and broken files beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.errors import ConfigError
from flowtui.library import load_library


def test_ours_come_first_and_group_by_group() -> None:
    """Groups stay together, in the order in which one asks."""
    library = load_library(None)
    assert library.groups == (
        "Triage", "Hosts", "Security", "Network", "Operations", "Cost",
    )  # fmt: skip
    groups = [query.group for query in library.queries]
    assert groups == sorted(groups, key=library.groups.index)
    assert not library.broken


def test_records_are_what_drilling_leads_to() -> None:
    """The records query shows records and has no parameter that would have to be asked."""
    records = load_library(None).records
    assert records.is_records
    assert not records.parameters


def test_the_users_own_query_takes_the_place_of_ours(tmp_path: Path) -> None:
    """The same slug in the user's directory wins; new ones are added under Mine."""
    (tmp_path / "timeline.sql").write_text("SELECT 1 AS one")
    (tmp_path / "zz.sql").write_text('-- title = "Zz"\n-- group = "Security"\n\nSELECT 2')
    (tmp_path / "readme.txt").write_text("no query")
    library = load_library(tmp_path)
    assert library.get("timeline").sql == "SELECT 1 AS one"
    assert library.get("timeline").group == "Mine"
    assert library.groups[-1] == "Mine"
    assert [q.slug for q in library.queries if q.group == "Security"][-1] == "zz"
    assert len(library.queries) == len(load_library(None).queries) + 1


def test_a_broken_file_stops_no_other(tmp_path: Path) -> None:
    """What cannot be used is listed with the reason; ours of that name stays."""
    (tmp_path / "timeline.sql").write_text("-- title = x\n\nSELECT 1")
    (tmp_path / "latin.sql").write_bytes(b"SELECT '\xe9'")
    (tmp_path / "folder.sql").mkdir()
    (tmp_path / "gone.sql").symlink_to(tmp_path / "nowhere")
    (tmp_path / "good.sql").write_text("SELECT 1")
    library = load_library(tmp_path)
    broken = {b.path.name: b for b in library.broken}
    assert set(broken) == {"timeline.sql", "latin.sql", "folder.sql", "gone.sql"}
    assert broken["timeline.sql"].line == 1
    assert "UTF-8" in broken["latin.sql"].message
    assert library.get("good").sql == "SELECT 1"
    assert library.get("timeline").group == "Triage"
    with pytest.raises(ConfigError, match=r"latin\.sql: it is not UTF-8"):
        library.get("latin")


def test_no_directory_is_no_fault(tmp_path: Path) -> None:
    """A user without queries of their own has ours."""
    assert load_library(tmp_path / "none") == load_library(None)


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    """Typing errors name what was meant; nonsense names nothing."""
    library = load_library(None)
    with pytest.raises(ConfigError, match="Did you mean top-rejected-pairs"):
        library.get("top-rejcted-pairs")
    with pytest.raises(ConfigError) as caught:
        library.get("\x1b]0;")
    assert "\x1b" not in str(caught.value)
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("reject pairs", "top-rejected-pairs"),
        ("T1021", "lateral-movement"),
        ("EXFIL", "upload-ratio"),
        ("skipdata", "log-health"),
        ("why", "one-way"),
    ],
)
def test_words_find_queries(text: str, slug: str) -> None:
    """Every word must occur, in title, name, group, technique, tags or description."""
    assert slug in [query.slug for query in load_library(None).find(text)]


def test_find_with_nothing_typed_finds_all() -> None:
    """An empty search narrows nothing; an absurd one leaves nothing."""
    library = load_library(None)
    assert library.find("  ") == library.queries
    assert library.find("reject zebra") == ()
