"""What can be asked about is found in any value; filters that stand in the way are left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.chips import Chip, with_chips
from flowtui.domain.filterline import format_condition, format_filter, parse_filter
from flowtui.domain.filters import FlowFilter
from flowtui.domain.subjects import QUESTIONS, Subject, What, ask_about, subjects_in
from flowtui.domain.views import View
from flowtui.library import load_library

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIBRARY = load_library()


def found(key: str, value: object) -> list[str]:
    """What a value holds, as `address 10.0.0.1`."""
    return [f"{s.what.value} {s.text}" for s in subjects_in(key, value)]


@pytest.mark.parametrize(
    ("key", "value", "subjects"),
    [
        ("srcaddr", "10.0.1.20", ["address 10.0.1.20"]),
        ("dstaddr", "2001:DB8:0::7", ["address 2001:db8::7"]),
        ("dstport", 443, ["port 443"]),
        ("port", "22", ["port 22"]),
        ("dstport", 70_000, []),
        ("bytes", 443, []),
        ("", 443, []),
        ("interface_id", "eni-0a1b2c3d4e5f60718", ["interface eni-0a1b2c3d4e5f60718"]),
        ("", "203.0.113.9 → 10.0.1.20", ["address 203.0.113.9", "address 10.0.1.20"]),
        ("", "[2001:db8::1]:443, via eni-0a1b2c3d",
         ["address 2001:db8::1", "interface eni-0a1b2c3d"]),
        ("", "seen 10:42:07 on 2026-11-24, 1.2.3, 300.1.1.1", []),
        ("srcaddr", None, []),
        ("", True, []),
        ("srcaddr", "\x1b[31m10.0.0.1\x07[b]", ["address 10.0.0.1"]),
    ],
)  # fmt: skip
def test_subjects_are_found(key: str, value: object, subjects: list[str]) -> None:
    """In their own fields and in any text; nothing that only looks like one."""
    assert found(key, value) == subjects


@given(st.text(), st.sampled_from(["", "srcaddr", "dstport", "interface_id", "bytes"]))
def test_no_text_is_too_strange(text: str, key: str) -> None:
    """Whatever a log holds: no failure, and only what is plainly written."""
    for subject in subjects_in(key, text):
        assert subject.text.isascii()
        assert subject.text.isprintable()
        assert subject.value is not None


def ask(line: str, what: What, text: str, slug: str) -> tuple[str, str]:
    """The filter a question is asked under, and what was left out."""
    question = next(q for q in QUESTIONS[what] if q.slug == slug)
    view = View(LIBRARY.queries[0], parse_filter(line, now=NOW))
    asked, left_out = ask_about(view, Subject(what, text), question, LIBRARY.get(slug))
    return format_filter(asked.filter), " ".join(map(format_condition, left_out))


@pytest.mark.parametrize(
    ("line", "what", "text", "slug", "asked", "left_out"),
    [
        ("srcaddr:203.0.113.9 dstaddr:10.0.1.20 action:REJECT last:1h", What.ADDRESS, "10.0.1.20",
         "peers-of-ip", "action:REJECT last:1h", "srcaddr:203.0.113.9 dstaddr:10.0.1.20"),
        ("-ip:10.0.0.0/8 -src:192.0.2.0/24 dstport:22", What.ADDRESS, "10.0.1.20", "peers-of-ip",
         "-srcaddr:192.0.2.0/24 dstport:22", "-ip:10.0.0.0/8"),
        ("dstport:22 protocol:tcp", What.ADDRESS, "10.0.1.20", "host-summary",
         "protocol:tcp", "dstport:22"),
        ("srcaddr:10.0.0.1 port:22,80 bytes>10", What.PORT, "22", "servers-of-port",
         "bytes>10", "srcaddr:10.0.0.1 port:22,80"),
        ("dstport:22 once:on", What.PORT, "443", "records", "port:443 once:on", "dstport:22"),
        ("interface_id:eni-0b action:REJECT", What.INTERFACE, "eni-0a1b2c3d",
         "rejects-by-interface", "interface_id:eni-0a1b2c3d", "interface_id:eni-0b action:REJECT"),
    ],
)  # fmt: skip
def test_the_filter_goes_along_but_for_what_stands_in_the_way(
    line: str, what: What, text: str, slug: str, asked: str, left_out: str
) -> None:
    """Time and other conditions stay; what would answer beforehand, or forbid it, does not."""
    assert ask(line, what, text, slug) == (asked, left_out)


def test_every_question_ships_and_takes_its_subject() -> None:
    """Each slug is in the library, with the parameter that the question fills."""
    for questions in QUESTIONS.values():
        for question in questions:
            needed = {p.name for p in LIBRARY.get(question.slug).parameters if not p.default}
            assert needed == ({question.parameter} if question.parameter else set())


def test_what_is_off_stays_off() -> None:
    """A chip that was switched off goes along, switched off."""
    line = parse_filter("protocol:tcp", now=NOW)
    view = with_chips(View(LIBRARY.queries[0], line), [Chip(line.conditions[0], is_on=False)])
    question = QUESTIONS[What.ADDRESS][0]
    asked, _ = ask_about(
        view, Subject(What.ADDRESS, "10.0.0.1"), question, LIBRARY.get(question.slug)
    )
    assert asked.filter == FlowFilter()
    assert asked.parked == view.parked
