"""A case as lines to read: verdicts, the rows they quote, and lanes over time.

The screen and the command line both show these, so that both say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Any, Final

from flowtui.domain.evidence import MOST_TALKS, Case, Talk, clock
from flowtui.domain.filterline import format_filter
from flowtui.domain.filters import FlowFilter
from flowtui.domain.judging import judge, judge_evidence
from flowtui.domain.lanes import Lane, Lanes, bars, lanes_of
from flowtui.domain.rulings import InterfaceRules, rule_on
from flowtui.domain.values import format_duration
from flowtui.domain.verdicts import Verdict
from flowtui.session.copytext import one_line


class Tone(Enum):
    """What a line is."""

    TITLE = "title"
    VERDICT = "verdict"
    QUOTE = "quote"
    NEXT = "next"
    HEADING = "heading"
    ACCEPT = "accept"
    REJECT = "reject"
    NOTE = "note"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Part:
    """One line, or a paragraph that may wrap; data in it is as logged, not made harmless."""

    tone: Tone
    text: str
    lead: str = ""
    """How certain it is, before a verdict."""
    filter: FlowFilter | None = None
    """What opens the rows that it quotes."""


INDENTS: Final = {
    Tone.QUOTE: "    › ", Tone.NEXT: "    → ", Tone.ACCEPT: "  ", Tone.REJECT: "  ",
}  # fmt: skip
"""What a line of a kind begins with."""
_MOST_JUDGED: Final = 5_000
"""Conversations that are summed up; judging more takes longer than one waits."""
_BLANK: Final = Part(Tone.BLANK, "")


@dataclass(frozen=True, slots=True)
class RulesNow:
    """What AWS said of the rules, and when."""

    rules: tuple[InterfaceRules, ...]
    asked: datetime


Named = Callable[[str], str]
"""What an interface or address is called; empty where that is not known."""


def parts_of(
    case: Case,
    zone: tzinfo = UTC,
    now: RulesNow | None = None,
    named: Named = lambda _: "",
) -> tuple[Part, ...]:
    """The whole case: each talk with verdicts, rules and lanes, then what the evidence lacks."""
    return tuple(_parts(case, zone, now, named))


def _parts(case: Case, zone: tzinfo, now: RulesNow | None, named: Named) -> Iterator[Part]:
    if len(case.talks) > MOST_TALKS:
        yield Part(Tone.NOTE, _in_short(case, zone))
        yield _BLANK
    for talk in case.talks[:MOST_TALKS]:
        yield Part(Tone.TITLE, talk.title)
        for verdict in judge(talk, case, zone):
            yield from _verdict(verdict)
        if now is not None:
            yield from _rules(talk, now, zone)
        yield from _lanes(talk, case, zone, named)
        yield _BLANK
    more = len(case.talks) - MOST_TALKS
    if more > 0:
        rejects = sum(talk.rejects for talk in case.talks[MOST_TALKS:])
        yield Part(
            Tone.NOTE,
            f"and {_number(more)} more between these two, with {_number(rejects)} REJECT records: "
            "name a port to look at one of them.",
        )
        yield _BLANK
    yield Part(Tone.TITLE, "The evidence")
    for verdict in judge_evidence(case, zone):
        yield from _verdict(verdict)
    yield Part(Tone.NOTE, _looked_at(case, zone))


def _in_short(case: Case, zone: tzinfo) -> str:
    """`1 024 conversations; what is said of them first: request rejected 1 024`."""
    looked = case.talks[:_MOST_JUDGED]
    firsts = Counter(
        verdicts[0].code.replace("-", " ") if (verdicts := judge(talk, case, zone)) else "nothing"
        for talk in looked
    )
    told = ", ".join(f"{code} {_number(count)}" for code, count in firsts.most_common())
    rest = "" if len(looked) == len(case.talks) else f" (of the first {_number(len(looked))})"
    return (
        f"{_number(len(case.talks))} conversations between these two. What is said of them first"
        f"{rest}: {told}. The {MOST_TALKS} with most rejects follow."
    )


def _verdict(verdict: Verdict) -> Iterator[Part]:
    first = verdict.evidence[0].filter if verdict.evidence else None
    lead = verdict.certainty.value if verdict.certainty else ""
    yield Part(Tone.VERDICT, verdict.sentence, lead, first)
    for quote in verdict.evidence:
        yield Part(Tone.QUOTE, quote.text, filter=quote.filter)
    if verdict.next:
        yield Part(Tone.NEXT, verdict.next)


def _rules(talk: Talk, now: RulesNow, zone: tzinfo) -> Iterator[Part]:
    asked = clock(int(now.asked.timestamp()), zone)
    yield Part(
        Tone.HEADING,
        f"Rules as AWS has them now, {asked}; they may have changed since these records",
    )
    found = rule_on(talk, now.rules)
    for verdict in found:
        yield from _verdict(verdict)
    if not found:
        yield Part(Tone.NOTE, "No interface of this talk is known to AWS by its id.")


def _lanes(talk: Talk, case: Case, zone: tzinfo, named: Named) -> Iterator[Part]:
    found = lanes_of(talk, case)
    most = max((max(lane.counts) for lane in found.lanes), default=0)
    heading = ""
    for lane in found.lanes:
        told = _heading(lane, named)
        if told != heading:
            heading = told
            yield Part(Tone.HEADING, told)
        tone = Tone.REJECT if lane.action == "REJECT" else Tone.ACCEPT
        yield Part(tone, f"{lane.action:<7}{_number(lane.records):>9}  {bars(lane, most)}")
    yield Part(Tone.NOTE, _axis(found, zone))


def _heading(lane: Lane, named: Named) -> str:
    what = "requests" if lane.is_request else "responses"
    name = named(lane.interface_id) if lane.interface_id else ""
    parts = (
        what,
        "at",
        lane.interface_id or "(no interface id)",
        lane.flow_direction or "",
        f"({name})" if name else "",
    )
    return " ".join(part for part in parts if part)


def _axis(lanes: Lanes, zone: tzinfo) -> str:
    last = lanes.first_slot + lanes.width_s * lanes.slots
    step = format_duration(timedelta(seconds=lanes.width_s))
    span = f"{clock(lanes.first_slot, zone)} to {clock(last, zone)}"
    return f"{'':18}{span}, a sign for {step}"


def _looked_at(case: Case, zone: tzinfo) -> str:
    span = ""
    if case.time is not None:
        since, until = case.time.since, case.time.until
        bounds = [clock(int(one.timestamp()), zone) if one else "" for one in (since, until)]
        begin = f" from {bounds[0]}" if bounds[0] else ""
        end = f" to {bounds[1]}" if bounds[1] else ""
        span = begin + end
    port = f", port {case.ports}" if case.ports else ""
    records = case.records
    plural = "" if records == 1 else "s"
    return (
        f"Looked at: {case.a} and {case.b}{port}, both directions, by logged and packet "
        f"addresses,{span or ' all there is'}: {_number(records)} record{plural}."
    )


def _number(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def written(part: Part) -> str:
    """A part as a line of plain text."""
    lead = f"[{part.lead}] " if part.lead else ""
    return (INDENTS.get(part.tone, "") + lead + one_line(part.text)).rstrip()


def as_json(case: Case, now: RulesNow | None = None) -> dict[str, Any]:
    """The case for programs: every talk with verdicts and lanes, times in UTC."""
    return {
        "a": case.a,
        "b": case.b,
        "ports": case.ports or None,
        "records": case.records,
        "talks": [_talk_json(talk, case, now) for talk in case.talks],
        "evidence": [_verdict_json(verdict) for verdict in judge_evidence(case)],
    }


def _talk_json(talk: Talk, case: Case, now: RulesNow | None) -> dict[str, Any]:
    found = lanes_of(talk, case)
    return {
        "client": talk.client, "server": talk.server, "port": talk.service,
        "protocol": talk.protocol, "rejects": talk.rejects,
        "verdicts": [_verdict_json(verdict) for verdict in judge(talk, case)],
        "rules": [_verdict_json(verdict) for verdict in rule_on(talk, now.rules)] if now else None,
        "first_slot": found.first_slot, "slot_seconds": found.width_s,
        "lanes": [
            {
                "interface_id": lane.interface_id, "flow_direction": lane.flow_direction,
                "is_request": lane.is_request, "action": lane.action,
                "records": list(lane.counts),
            }
            for lane in found.lanes
        ],
    }  # fmt: skip


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "certainty": verdict.certainty.value if verdict.certainty else None,
        "sentence": verdict.sentence,
        "evidence": [
            {"rows": quote.text, "filter": format_filter(quote.filter)}
            for quote in verdict.evidence
        ],
        "next": verdict.next or None,
    }
