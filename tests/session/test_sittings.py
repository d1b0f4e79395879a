from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import Parked, Trail, View
from flowtui.errors import ConfigError
from flowtui.library import load_library
from flowtui.session.sittingfile import written
from flowtui.session.sittings import Changes, Place, Reach, Sitting, Sittings

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
    stood = Place(kept={"order": [["bytes", True]], "of a feature to come": {"x": [1, None]}})
    changes = (Changes(), Changes(((steps[0], places[0]),), ((steps[2], stood),)), Changes())
    return Sitting(
        id, "athena://prod@logs.flows", Trail(steps, 1), places, NOON, reach, ("ice_cream",),
        changes, "SIGHUP",
    )  # fmt: skip


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


def changed(path: Path, change: Callable[[Any], object]) -> None:
    """Do something to what stands in a file."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("position", [7, -1, "1", None, 1.5, True, 10**40])
def test_a_position_outside_the_trail_leads_to_its_end_or_start(
    position: object, tmp_path: Path
) -> None:
    """A file that was tampered with cannot lead nowhere."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))
    changed(tmp_path / "x.json", lambda found: found.update(position=position))
    assert sittings.load("x").trail.position in (0, 2)


def test_a_view_that_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    """One stands at the view before it; the others are as they were."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))
    changed(tmp_path / "x.json", lambda found: found["steps"][1].update(filter="no:such"))
    found = sittings.load("x")
    assert found.lost_steps == 1
    assert found.trail.steps == (sitting().trail.steps[0], sitting().trail.steps[2])
    assert found.trail.position == 0
    assert found.places[0] == sitting().places[0]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda found: found.update(saved="0001-01-01T00:00:00+14:00"),
        lambda found: found["steps"][0].update(since="0001-01-01T00:00:00+14:00"),
        lambda found: found["steps"][0].update(off="dstport:53", off_places=[1e999]),
        lambda found: found.update(position=1e999),
    ],
)
def test_absurd_times_and_numbers_are_passed_over(
    wrong: Callable[[Any], None], tmp_path: Path
) -> None:
    """A time before all years, and a place beyond all numbers: the other views are still there."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))
    changed(tmp_path / "x.json", wrong)
    assert sittings.load("x").trail.steps[-1] == sitting().trail.steps[2]


def test_a_newer_file_is_read_as_far_as_it_is_understood(tmp_path: Path) -> None:
    """A version, keys and features that are not known yet lose nothing that is."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))

    def renew(found: Any) -> None:
        found.update(version=99, colour="blue")
        found["reach"]["endpoint"] = "https://example"
        found["steps"][0]["zoom"] = 3

    changed(tmp_path / "x.json", renew)
    assert sittings.load("x") == sitting("x")


def test_the_first_version_is_still_read(tmp_path: Path) -> None:
    """It had the query beside each view, and neither changes nor how it ended."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("x"))

    def age(found: Any) -> None:
        queries = found.pop("queries")
        found["version"] = 1
        del found["ended"]
        for step in found["steps"]:
            query = queries[step["query"]]
            step.update(slug=query["slug"], query=query["text"])
            for name in ("before", "after", "kept"):
                del step[name]

    changed(tmp_path / "x.json", age)
    found = sittings.load("x")
    assert found.trail == sitting().trail
    assert found.places == sitting().places
    assert found.ended == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data(), wrong=JSON)
def test_whatever_stands_in_a_file_nothing_else_is_raised(data: st.DataObject, wrong: Any) -> None:
    """Any value of it, at any depth, may be any other: it is read in part, or refused in words."""
    document = json.loads(written(sitting("x")))
    place: Any = document
    while True:
        at = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else [0]))
        inner = place[at]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[at] = wrong
    with TemporaryDirectory() as root:
        (Path(root) / "x.json").write_text(json.dumps(document))
        with suppress(ConfigError):
            found = Sittings(Path(root)).load("x")
            assert len(found.trail.steps) == len(found.places) == len(found.changes)
            Sittings(Path(root)).save(found)


def test_a_damaged_latest_one_is_not_in_the_way(tmp_path: Path) -> None:
    """The one before it is taken up."""
    sittings = Sittings(tmp_path)
    sittings.save(sitting("good"))
    (tmp_path / "bad.json").write_bytes(b"\0" * 4096)
    assert sittings.load().id == "good"


OPENS = """
import sys, pathlib
from flowtui.session.sittings import Sittings
lock = Sittings(pathlib.Path(sys.argv[1])).lock(sys.argv[2])
assert lock.take_alone()
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def opened_elsewhere(root: Path, id: str) -> Iterator[subprocess.Popen[str]]:
    """Another process has it open."""
    command = [sys.executable, "-c", OPENS, str(root), id]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        yield other
        other.kill()


def test_one_that_is_open_elsewhere_is_not_taken_away(tmp_path: Path) -> None:
    """It is neither the latest to take up, nor offered, nor deleted; killed, it is all of that."""
    sittings = Sittings(tmp_path)
    for number, id in enumerate(("old", "new")):
        sittings.save(sitting(id))
        os.utime(tmp_path / f"{id}.json", (number, number))
    source, reach = sitting().source, sitting().reach
    with opened_elsewhere(tmp_path, "new") as other:
        assert sittings.is_open("new")
        assert sittings.load().id == "old"
        assert sittings.load("new").id == "new"
        last = sittings.interrupted(source, reach)
        assert last is not None
        assert last.id == "old"
        for number in range(25):
            sittings.save(sitting(f"s{number}"))
        assert (tmp_path / "new.json").exists()
        assert not (tmp_path / "old.json").exists()
        other.kill()
        other.wait()
        assert not sittings.is_open("new")
        sittings.save(sitting("one-more"))
        assert not (tmp_path / "new.json").exists()


@pytest.mark.parametrize(
    ("ended", "is_offered"), [("quit", False), ("SIGHUP", True), ("crash", True), ("", True)]
)
def test_what_nobody_quit_is_offered(ended: str, is_offered: bool, tmp_path: Path) -> None:
    """Cut off by a signal, a crash or `kill -9`; only over the same source, and not our own."""
    sittings = Sittings(tmp_path)
    sittings.save(replace(sitting("x"), ended=ended))
    source, reach = sitting().source, sitting().reach
    assert (sittings.interrupted(source, reach) is not None) is is_offered
    assert sittings.interrupted(source, reach, but="x") is None
    assert sittings.interrupted("demo", reach) is None
    assert sittings.interrupted(source, Reach()) is None


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

    monkeypatch.setattr("flowtui.session.sittings.os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        sittings.save(sitting())
    assert list(tmp_path.iterdir()) == []
