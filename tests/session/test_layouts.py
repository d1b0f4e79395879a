"""The file of layouts: what is kept comes back, and nothing in it can do harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.layouts import WIDEST, Kept, KeptLayout
from flowtui.errors import ConfigError
from flowtui.session.layouts import keep_layout, read_layouts

HOSTILE = KeptLayout(
    (
        Kept("\x1b]52;c;aGk=\x07[red]\ud800", is_hidden=True),
        Kept("srcaddr", nth=1, width=12),
        Kept("'; DROP TABLE"),
    ),
    frozen=2,
)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["columns", "frozen", "name", "hidden", "width", "nth", "x"]), inner
        )
    ),
    max_leaves=12,
)


def test_layouts_come_back(tmp_path: Path) -> None:
    """Each query has its own, whatever its columns are called; one can be taken away again."""
    path = tmp_path / "state" / "layouts.json"
    assert read_layouts(path) == {}
    keep_layout(path, "pairs", HOSTILE)
    both = keep_layout(path, "records", KeptLayout((Kept("a"),)))
    assert read_layouts(path) == both == {"pairs": HOSTILE, "records": KeptLayout((Kept("a"),))}
    assert set(keep_layout(path, "pairs", None)) == {"records"}
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["layouts.json"]


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3))
def test_any_json_is_read(tmp_path_factory: pytest.TempPathFactory, queries: Any) -> None:
    """Whatever stands where layouts should, columns are names and widths are sane."""
    path = tmp_path_factory.mktemp("layouts") / "layouts.json"
    path.write_text(json.dumps({"version": 1, "queries": queries}))
    for layout in read_layouts(path).values():
        assert 0 <= layout.frozen <= WIDEST
        for column in layout.columns:
            assert isinstance(column.name, str)
            assert column.width is None or 1 <= column.width <= WIDEST


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """It is told, and nothing is left lying about."""
    there = tmp_path / "file"
    there.write_text("dear")
    with pytest.raises(ConfigError, match="cannot be written"):
        keep_layout(there / "layouts.json", "pairs", HOSTILE)
    assert there.read_text() == "dear"
