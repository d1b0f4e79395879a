"""Many small files, which are converted as one where all of them are as they should be."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE, convert, records

SKIPPED = b"2 123456789012 eni-1 - - - - - - - 1700000000 1700000060 - SKIPDATA\n"
KINDS = {
    "plain": (V2_HEADER + V2_LINE * 3, 3),
    "no last line end": ((V2_HEADER + V2_LINE * 2)[:-1], 2),
    "header only": (V2_HEADER, 0),
    "no header": (V2_LINE * 2, 2),
    "CRLF": ((V2_HEADER + V2_LINE * 2).replace(b"\n", b"\r\n"), 2),
    "blank lines": (V2_HEADER + b"\n" + V2_LINE + b"\n\n" + V2_LINE, 2),
    "header again": (V2_HEADER + V2_LINE + V2_HEADER + V2_LINE, 2),
    "bad line": (V2_HEADER + V2_LINE + b"bad\n" + V2_LINE, 2),
    "bad number": (V2_HEADER + V2_LINE.replace(b"443", b"https"), 1),
    "other order": (b"bytes action version\n7 REJECT 2\n", 1),
    "skipdata": (V2_HEADER + SKIPPED + V2_LINE, 2),
}
"""Text of a file, and its records."""


@pytest.mark.parametrize("odd", [kind for kind in KINDS if kind != "plain"])
def test_one_odd_file_among_many(tmp_path: Path, open_source: Any, odd: str) -> None:
    """Whatever one file is like, each file keeps its own counts and gives its own records."""
    logs = tmp_path / "logs"
    logs.mkdir()
    for number in range(20):
        text = KINDS[odd if number == 7 else "plain"][0]
        (logs / f"{number:02}.log.gz").write_bytes(gzip.compress(text))
    files = open_source(logs)
    before = sorted(map(repr, records(files)))
    told = files.left_out()
    convert(files)
    assert not files.inputs(None).raw
    assert sorted(map(repr, records(files))) == before
    assert files.left_out() == told
    assert files.facts().records == 19 * 3 + KINDS[odd][1]
    assert files.facts().skipped_windows == (odd == "skipdata")


def test_what_each_file_holds_survives_a_change(tmp_path: Path, open_source: Any) -> None:
    """Files of every kind in any order: after some of them change, the counts are right again."""
    logs, dice = tmp_path / "logs", random.Random(3)
    logs.mkdir()

    def roll(number: int) -> int:
        text, count = KINDS[dice.choice(list(KINDS))]
        (logs / f"{number:03}.log").write_bytes(text)
        return count

    counts = {number: roll(number) for number in range(120)}
    for _ in range(3):
        files = open_source(logs)
        convert(files)
        assert files.facts().records == len(records(files, "version")) == sum(counts.values())
        for number in dice.sample(sorted(counts), 10):
            counts[number] = roll(number) if number % 2 else counts[number]
