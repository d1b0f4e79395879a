from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui.domain.views import Trail, View
from flowtui.errors import ConfigError
from flowtui.library import load_library
from flowtui.session.config import SourceConfig
from flowtui.session.keeping import SittingKeeper, Standing, lasting_text, new_id
from flowtui.session.sittings import Place, Sittings
from flowtui.session.sources import Source, SourceKind

VIEWS = tuple(View(query) for query in load_library(None).queries[:3])
LOCAL = Source(SourceKind.LOCAL, "logs", "logs")


def standing(position: int, row: int = 0) -> Standing:
    """Some steps in, the cursor on a row."""
    steps = VIEWS[: position + 1]
    return Standing(Trail(steps, position), tuple(Place(row=row) for _ in steps))


def keeper(root: Path) -> SittingKeeper:
    """Of a directory, named relative to where one is."""
    return SittingKeeper(Sittings(root), "a-1", LOCAL, {})


def test_only_the_newest_words_are_written(tmp_path: Path) -> None:
    """However many threads write, and in whatever order, how it stands last is on disk."""
    kept = keeper(tmp_path)
    threads = []
    for row in range(30):
        kept.stand(standing(row % 3, row))
        threads.append(threading.Thread(target=kept.write))
        threads[-1].start()
    for thread in threads:
        thread.join()
    kept.write()
    assert Sittings(tmp_path).load("a-1").places[-1].row == 29


def test_nothing_to_say_writes_nothing(tmp_path: Path) -> None:
    """A sitting that ended before its first question leaves no file."""
    keeper(tmp_path / "sittings").write()
    with pytest.raises(ConfigError):
        Sittings(tmp_path / "sittings").load()


def test_a_place_that_cannot_be_written_disturbs_nothing(tmp_path: Path) -> None:
    """A file stands where the directory should be: the sitting goes on."""
    (tmp_path / "sittings").write_text("in the way")
    kept = keeper(tmp_path / "sittings")
    kept.stand(standing(0))
    kept.write()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (LOCAL, str(Path.cwd() / "logs")),
        (Source(SourceKind.LOCAL, "prod", "/var/log/flowlogs"), "prod"),
        (Source(SourceKind.DEMO, "demo", "/cache/demo"), "demo"),
        (Source(SourceKind.ATHENA, "athena://a.b", "athena://a.b"), "athena://a.b"),
    ],
)
def test_a_sitting_is_found_from_any_directory(source: Source, expected: str) -> None:
    """Paths are kept in full; names of the settings, the demo and URIs as they are."""
    assert lasting_text(source, {"prod": SourceConfig(path="/var/log/flowlogs")}) == expected


def test_ids_say_when_and_are_accepted_as_typed(tmp_path: Path) -> None:
    """Two sittings of one second have two ids, and each names a file."""
    now = datetime(2026, 11, 24, 10, 42, 7, tzinfo=UTC)
    ids = {new_id(now) for _ in range(5)}
    assert len(ids) > 1
    assert all(id.startswith("20261124-104207-") for id in ids)
    Sittings(tmp_path).remove(ids.pop())
