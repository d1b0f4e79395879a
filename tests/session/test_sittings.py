from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import Parked, Trail, View
from flowtui.errors import ConfigError
from flowtui.library import load_library
from flowtui.session.sittings import Place, Reach, Sitting, Sittings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FILTERS = (
    "action:REJECT dstport:22,3389 ip:10.0.0.0/8 -src:10.1.0.0/16 last:1h",
    "interface:- from:2026-11-24T10:00Z to:2026-11-24T11:00Z bytes>1000",
    "ice_cream:vanilla",
)
HOUR = TimeRange(NOON - timedelta(hours=1), NOON)


def sitting(id: str = "a-1") -> Sitting:
    """Three views deep, two steps in, over a table of Athena."""
    queries = load_library(None).queries[:2]
    edited = SavedQuery("edited", "Edited", "SELECT '\x1b[2J[b]' AS x FROM flows -- é")
    steps = tuple(
        View(
            query,
            parse_filter(line, now=NOON, extra_fields=("ice_cream",)),
            (("limit", "5"),),
            label,
        )
        for query, line, label in zip(
            (*queries, edited), FILTERS, ("", "10.0.0.1 → 10.0.0.2", ""), strict=True
        )
    )
    places = (
        Place("q-1", "SELECT 1", 3, 2, HOUR),
        Place("q-2", "SELECT 2", time=TimeRange(NOON), left_running="ours"),
        Place(),
    )
    reach = Reach(profile="audit", region="eu-west-1", output_location="s3://results/")
    return Sitting(
        id, "athena://prod@logs.flows", Trail(steps, 1), places, NOON, reach, ("ice_cream",)
    )


def test_a_sitting_comes_back_as_it_was(tmp_path: Path) -> None:
    """Trail, filters, arguments, executions and cursor survive, hostile SQL included."""
    sittings = Sittings(tmp_path / "sittings")
    sittings.save(sitting())
    assert sittings.load() == sitting()
    assert sittings.load("a-1") == sitting()


def test_what_is_switched_off_survives(tmp_path: Path) -> None:
    """Conditions with their places, the time and count-once, beside a filter that is asked."""
    whole = sitting()
    off = parse_filter("-src:10.9.0.0/16 dstport:53 last:2h once:on", now=NOON)
    first = replace(whole.trail.steps[0], parked=Parked.of(off, (0, 3)))
    trail = Trail((first, *whole.trail.steps[1:]), 1)
    Sittings(tmp_path).save(replace(whole, trail=trail))
    assert Sittings(tmp_path).load().trail == trail


def test_the_latest_is_taken_up(tmp_path: Path) -> None:
    """Several sittings stand side by side; without an id the latest saved one is meant."""
    sittings = Sittings(tmp_path)
    for index, id in enumerate(("first", "second", "third")):
        sittings.save(sitting(id))
        moment = (NOON + timedelta(minutes=index)).timestamp()
        os.utime(tmp_path / f"{id}.json", (moment, moment))
    assert [found.id for found in sittings.all()] == ["third", "second", "first"]
    assert sittings.load().id == "third"
    sittings.remove("third")
    assert sittings.load().id == "second"


def test_old_sittings_go(tmp_path: Path) -> None:
    """Twenty are kept."""
    sittings = Sittings(tmp_path)
    for number in range(25):
        sittings.save(sitting(f"s{number}"))
    assert len(sittings.all()) == 20


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    """Addresses and queries of an incident are the user's alone."""
    Sittings(tmp_path / "s").save(sitting())
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "s" / "a-1.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 99}', '{"version": 1}'])
def test_a_broken_file_breaks_nothing_else(text: str, tmp_path: Path) -> None:
    """What cannot be read is named when asked for, and passed over in the list."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("good"))
    (tmp_path / "bad.json").write_text(text)
    assert [found.id for found in sittings.all()] == ["good"]
    with pytest.raises(ConfigError, match=r"bad\.json"):
        sittings.load("bad")


def test_a_position_outside_the_trail_is_refused(tmp_path: Path) -> None:
    """A file that was tampered with cannot lead nowhere."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))
    path = tmp_path / "x.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"position": 7}))
    with pytest.raises(ConfigError):
        sittings.load("x")


@pytest.mark.parametrize("id", ["../x", "a/b", ".", ""])
def test_an_id_names_no_other_file(id: str, tmp_path: Path) -> None:
    """Ids cannot lead out of the directory; there is none to take up when nothing was saved."""
    with pytest.raises(ConfigError):
        Sittings(tmp_path).load(id)


def test_a_full_disk_leaves_no_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is not left half: each step would leave another half."""
    sittings = Sittings(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("flowtui.session.sittings.json.dump", full)
    with pytest.raises(OSError, match="No space left"):
        sittings.save(sitting())
    assert list(tmp_path.iterdir()) == []
