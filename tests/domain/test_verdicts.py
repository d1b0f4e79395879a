"""Every rule: where it speaks, where it is silent, and where the evidence contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.evidence import (
    AFTER_ACCEPT,
    AFTER_CLOSE,
    PERHAPS_LATE,
    Evidence,
    Lost,
    case_rows,
)
from flowtui.domain.filterline import format_filter
from flowtui.domain.judging import judge, judge_evidence
from flowtui.domain.lanes import MOST_SLOTS, bars, lanes_of, slot_width
from flowtui.domain.verdicts import Certainty
from tests.domain.evidence_made import (
    CLIENT,
    FIELDS,
    OUTSIDE,
    SERVER,
    T0,
    at_client,
    case,
    remarks,
    request,
    response,
    talk,
    verdicts,
)

REFUSED = request(action="REJECT", is_answered=False, is_rejected=True)
HOUR = 3600


def test_a_rejected_request_is_told_and_not_whose_rule() -> None:
    """Arriving: security group or inbound ACL, which cannot be told; the rows are quoted."""
    found = verdicts(REFUSED, at_client(replace(REFUSED, action="ACCEPT")))
    said = found["request-rejected"]
    assert said.certainty is Certainty.SAID
    assert "(3 records) where it arrives, at eni-server" in said.sentence
    assert "security groups or its subnet's inbound ACL" in said.sentence
    assert "Which of the two cannot be told" in said.sentence
    (quote,) = said.evidence
    assert "eni-server ingress REJECT 10.0.0.1 → 10.0.1.2:443 · 3 records" in quote.text
    assert format_filter(quote.filter) == (
        "srcaddr:10.0.0.1 dstaddr:10.0.1.2 dstport:443 protocol:tcp interface_id:eni-server "
        "action:REJECT from:2026-11-24T10:00:05Z to:2026-11-24T10:00:56Z"
    )
    assert "no-answer" not in found  # the client's ACCEPT is explained by the other's REJECT


def test_rejected_where_it_leaves() -> None:
    """Egress: the outbound side."""
    said = verdicts(at_client(REFUSED))["request-rejected"]
    assert "where it leaves, at eni-client" in said.sentence
    assert "outbound ACL" in said.sentence


def test_without_direction_what_is_assumed_is_said() -> None:
    """Who accepts the same request is taken for the sender; alone, nothing is assumed."""
    blind = replace(REFUSED, flow_direction=None)
    other = replace(blind, interface_id="eni-client", action="ACCEPT")
    alone = verdicts(blind)["request-rejected"]
    assert "flow_direction does not tell at which end" in alone.sentence
    assert "taken for" not in alone.sentence
    both = verdicts(blind, other)["request-rejected"]
    assert "since eni-client accepts requests of this kind, it is taken for" in both.sentence


@pytest.mark.parametrize(
    ("has_syn", "words"),
    [(None, "tcp_flags is not in these records"), (False, "None of these records has a SYN")],
)
def test_without_a_syn_it_may_be_the_rest_of_something(has_syn: bool | None, words: str) -> None:
    """A REJECT that need not be a request is not called one for certain."""
    said = verdicts(replace(REFUSED, has_syn=has_syn))["request-rejected"]
    assert said.certainty is Certainty.LIKELY
    assert words in said.sentence
    udp = verdicts(replace(REFUSED, protocol=17, has_syn=False))["request-rejected"]
    assert udp.certainty is Certainty.SAID


@pytest.mark.parametrize("late", [AFTER_ACCEPT, AFTER_CLOSE, PERHAPS_LATE])
def test_late_packets_are_no_rejected_request(late: int) -> None:
    """What came after the end is noise, or open; never a rejected request or response."""
    found = verdicts(request(), response(), replace(REFUSED, has_syn=False, late=late))
    assert "request-rejected" not in found
    assert "late-packets" in found
    back = verdicts(request(), response(action="REJECT", late=late, has_syn=False))
    assert "response-rejected" not in back


@pytest.mark.parametrize(
    ("late", "certainty", "words"),
    [
        (AFTER_CLOSE, Certainty.LIKELY, "after FIN or RST"),
        (AFTER_ACCEPT, Certainty.OPEN, "no FIN or RST is seen"),
        (PERHAPS_LATE, Certainty.OPEN, "tcp_flags is not in these records"),
    ],
)
def test_how_late_packets_are_known(late: int, certainty: Certainty, words: str) -> None:
    """Only FIN or RST makes them likely; else rules may have changed under the connection."""
    said = verdicts(request(), response(), replace(REFUSED, late=late))["late-packets"]
    assert said.certainty is certainty
    assert words in said.sentence


def test_a_change_is_told_with_its_time() -> None:
    """Accepted up to one time, rejected from another on."""
    early = request(first=T0, last=T0 + 100)
    late = replace(REFUSED, first=T0 + 200, last=T0 + 900)
    said = verdicts(early, response(), late)["request-changed"]
    assert "rejects such requests from 2026-11-24T10:03:20Z to 2026-11-24T10:15Z" in said.sentence
    assert "accepted them up to 2026-11-24T10:01:40Z before" in said.sentence
    assert len(said.evidence) == 2
    mended = replace(early, first=T0 + 950, last=T0 + 960)
    both = verdicts(early, late, mended)["request-changed"]
    assert "accepts them from 2026-11-24T10:15:50Z on" in both.sentence


def test_both_in_the_same_time_is_no_change() -> None:
    """Accepted and rejected at once: said as it is, and no moment of change is made up."""
    said = verdicts(
        request(first=T0, last=T0 + 900), replace(REFUSED, first=T0 + 200, last=T0 + 300)
    )
    assert "in the same time" in said["request-changed"].sentence
    assert "up to" not in said["request-changed"].sentence


def test_two_interfaces_that_differ_are_no_change() -> None:
    """One accepts, the other rejects: that is how a rejection looks, not a change."""
    assert "request-changed" not in verdicts(at_client(request()), REFUSED)


def test_a_rejected_response_points_to_the_acl() -> None:
    """Security groups are stateful: the request was let in, so the ACL rejects the answer."""
    no = response(action="REJECT", is_rejected=True)
    said = verdicts(request(is_rejected=True), no)["response-rejected"]
    assert said.certainty is Certainty.FOLLOWS
    assert "network ACL of its subnet, in its outbound rules, for ports 40000 to 40009" in (
        said.sentence
    )
    assert len(said.evidence) == 2
    inbound = verdicts(request(), at_client(request()), at_client(no))["response-rejected"]
    assert "inbound rules" in inbound.sentence
    assert "at eni-client" in inbound.sentence


def test_a_rejected_response_with_less_evidence_is_less_certain() -> None:
    """The request seen elsewhere only, or no SYN in the answer: likely, with the other reason."""
    no = response(action="REJECT", is_rejected=True)
    elsewhere = verdicts(at_client(request()), no)["response-rejected"]
    assert elsewhere.certainty is Certainty.LIKELY
    assert "seen at eni-client only" in elsewhere.sentence
    idle = verdicts(request(), replace(no, has_syn=False))["response-rejected"]
    assert idle.certainty is Certainty.LIKELY
    assert "idle so long" in idle.sentence
    blind = verdicts(replace(request(), flow_direction=None), replace(no, flow_direction=None))
    assert "does not tell whether inbound or outbound" in blind["response-rejected"].sentence


def test_a_rejected_response_without_its_request_is_open() -> None:
    """No accepted request near in time: no ACL is blamed."""
    no = response(action="REJECT")
    found = verdicts(no)
    assert found["response-alone"].certainty is Certainty.OPEN
    assert "response-rejected" not in found
    long_ago = verdicts(request(first=T0 - HOUR, last=T0 - HOUR + 9), no)
    assert "response-alone" in long_ago
    assert "response-rejected" not in long_ago
    rejected_too = verdicts(REFUSED, no)
    assert "response-rejected" not in rejected_too
    assert "response-alone" not in rejected_too


def test_no_answer_after_being_let_in() -> None:
    """Nobody listens, or lost beyond: likely, and said what a closed port would do."""
    said = verdicts(request(is_answered=False))["no-answer"]
    assert said.certainty is Certainty.LIKELY
    assert "arrived at eni-server and was let in" in said.sentence
    assert "answer with RST" in said.sentence
    some = verdicts(request(is_answered=False), request(records=7), response())["no-answer"]
    assert "3 records of 10 records let a request through" in some.sentence


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (at_client(request(is_answered=False)), "whether it arrived anywhere is not in the log"),
        (request(is_answered=False, protocol=17, has_syn=False), "not needed with this protocol"),
        (request(is_answered=False, has_syn=None), "tcp_flags is not in these records"),
    ],
)
def test_no_answer_where_it_cannot_be_told(one: Evidence, words: str) -> None:
    """Not arrived, UDP, no flags: open, and why."""
    said = verdicts(one)["no-answer"]
    assert said.certainty is Certainty.OPEN
    assert words in said.sentence


def test_a_nat_gateway_accepts_and_drops() -> None:
    """By interface_type for certain; by a missing instance_id only as a question."""
    inbound = request(
        srcaddr=OUTSIDE, is_answered=False, instance_id=None, interface_type="nat_gateway"
    )
    said = verdicts(inbound, client=OUTSIDE)["no-answer"]
    assert said.certainty is Certainty.FOLLOWS
    assert "drops what nobody inside asked for" in said.sentence
    guess = verdicts(replace(inbound, interface_type=None), client=OUTSIDE)["no-answer"]
    assert guess.certainty is Certainty.OPEN
    assert "if this is an interface of a NAT gateway" in guess.sentence
    inside = verdicts(request(is_answered=False, instance_id=None))["no-answer"]
    assert "NAT" not in inside.sentence


@pytest.mark.parametrize(
    "rows",
    [
        (request(), response()),
        (request(is_answered=False, is_rejected=True), REFUSED),
        (request(is_answered=False, has_syn=False),),
        (response(),),
    ],
    ids=["answered", "rejected elsewhere", "not a beginning", "only a response"],
)
def test_no_answer_is_silent_otherwise(rows: tuple[Evidence, ...]) -> None:
    """Answered, rejected elsewhere, or never begun here: nothing is missing."""
    assert "no-answer" not in verdicts(*rows)


def test_lost_records_weaken_silence() -> None:
    """An answer may be among what was lost."""
    lost = (Lost("eni-server", 2, T0, T0 + 60),)
    assert "SKIPDATA" in verdicts(request(is_answered=False), lost=lost)["no-answer"].sentence


def test_a_host_that_answers_with_rst_refuses() -> None:
    """RST and never SYN-ACK: the packets passed; that is not let through either."""
    found = verdicts(request(), response(has_syn=False, has_reset=True, is_refused=True))
    assert found["refused"].certainty is Certainty.FOLLOWS
    assert "nothing listens on the port" in found["refused"].sentence
    assert "let-through" not in found
    assert "refused" not in verdicts(request(), response(has_reset=True))


def test_let_through_both_ways() -> None:
    """Said only where nothing but late packets was rejected."""
    found = verdicts(request(), response())
    assert list(found) == ["let-through", "one-side"]
    late = replace(REFUSED, late=AFTER_CLOSE)
    assert "let-through" in verdicts(request(), response(), late)
    assert "let-through" not in verdicts(request(), response(), REFUSED)
    assert "let-through" not in verdicts(request())


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("BPA", "BPA: blocked by VPC Block Public Access. Records of BPA carry no bytes"),
        ("EC", "EC: rejected by a VPC endpoint because of Encryption Controls"),
        ("NEW", "NEW: not documented"),
    ],
)
def test_what_aws_names_is_quoted(reason: str, words: str) -> None:
    """And no security group is blamed for it."""
    found = verdicts(replace(REFUSED, reject_reason=reason))
    assert words in found["endpoint-block"].sentence
    assert "request-rejected" not in found


@pytest.mark.parametrize("reason", [None, "Accepted"])
def test_no_reason_is_no_block(reason: str | None) -> None:
    """`Accepted` stands in AWS's own sample, and is no reason."""
    assert "endpoint-block" not in verdicts(replace(REFUSED, reject_reason=reason))


def test_nat_in_between_is_told_with_what_accept_means() -> None:
    """A public packet address behind a private one stands for a gateway."""
    inner = request(dstaddr="10.0.0.5", target=OUTSIDE, interface_id="eni-nat")
    said = verdicts(inner, response(), server=OUTSIDE)["in-between"]
    assert said.certainty is Certainty.FOLLOWS
    assert "eni-nat stands in between" in said.sentence
    assert "not that it reached the other leg" in said.sentence
    pod = verdicts(request(dstaddr="10.0.1.9", target=SERVER))["in-between"]
    assert pod.certainty is Certainty.OPEN
    assert "for a second one or for a pod" in pod.sentence
    assert "in-between" not in verdicts(request(), response())


@pytest.mark.parametrize(
    ("rows", "ends", "certainty", "words"),
    [
        ((request(srcaddr=OUTSIDE),), {"client": OUTSIDE}, Certainty.SAID, "is a public address"),
        ((request(), response()), {}, Certainty.OPEN, "10.0.0.1 is private"),
        ((at_client(request()),), {}, Certainty.OPEN, "10.0.1.2 is private"),
        ((replace(request(), flow_direction=None),), {}, Certainty.OPEN, "is not told"),
    ],
)
def test_only_one_side_logs(
    rows: tuple[Evidence, ...], ends: dict[str, str], certainty: Certainty, words: str
) -> None:
    """Outside is outside; inside, the other flow log is missing; without direction, unknown."""
    client, server = ends.get("client", CLIENT), ends.get("server", SERVER)
    said = verdicts(*rows, client=client, server=server)["one-side"]
    assert said.certainty is certainty
    assert words in said.sentence


def test_two_sides_are_not_one() -> None:
    """Both logged: nothing is missing."""
    assert "one-side" not in verdicts(request(), at_client(request()))


def test_no_record_at_all() -> None:
    """Said with what may be the cause; nothing else is claimed of the pair."""
    found = remarks()
    assert "No record of 10.0.0.1 and 10.0.1.2 and port 443" in found["nothing-found"].sentence
    assert "exactness" not in found
    assert "nothing-found" not in remarks(talk(request()))


def test_what_was_lost_is_told() -> None:
    """Of these interfaces, of others, or not looked for."""
    said = talk(request())
    ours = remarks(said, lost=(Lost("eni-server", 1, T0, T0 + 59),))["lost-records"]
    assert "1 window was lost" in ours.sentence
    assert "counts are floors" in ours.sentence
    other = remarks(said, lost=(Lost("eni-x", 5, T0, T0 + 299),))["lost-records"]
    assert "not among these" in other.sentence
    assert "not known" in remarks(said, knows_loss=False)["lost-records"].sentence
    assert "lost-records" not in remarks(said)


@pytest.mark.parametrize("field", sorted(FIELDS - {"log_status"}))
def test_a_missing_field_is_named(field: str) -> None:
    """With what it would tell; none is missed where all are there."""
    found = remarks(talk(request()), fields=FIELDS - {field})
    assert f"{field}: " in found["missing-fields"].sentence
    assert "missing-fields" not in remarks(talk(request()))


@pytest.mark.parametrize(
    ("longest", "words"), [(59, "1 minute"), (60, "1 minute"), (599, "10 minutes")]
)
def test_exactness_follows_the_windows(longest: int, words: str) -> None:
    """Ten-minute windows are told from one-minute ones by the records."""
    said = remarks(talk(request(longest_s=longest)))["exactness"].sentence
    assert f"up to {longest} s (an aggregation interval of {words})" in said


def test_records_on_their_way() -> None:
    """Only where the time reaches up to now on a source that AWS delivers to."""
    until = datetime.fromtimestamp(T0 + HOUR, UTC)
    assert "on-its-way" in remarks(asked=until + timedelta(minutes=5))
    assert "on-its-way" not in remarks(asked=until + timedelta(minutes=21))
    assert "on-its-way" not in remarks()


def test_a_cut_is_told() -> None:
    """What was not taken in is not judged in silence."""
    assert "cut" in remarks(talk(request()), is_cut=True)
    assert "cut" not in remarks(talk(request()))


def test_times_are_in_the_zone_that_is_shown() -> None:
    """Sentences and quotes alike."""
    said = talk(REFUSED)
    (verdict,) = [
        v for v in judge(said, case(said), ZoneInfo("Asia/Tokyo")) if v.code == "request-rejected"
    ]
    assert "19:00:05+09:00" in verdict.evidence[0].text


flags = st.one_of(st.none(), st.booleans())
rows = st.builds(
    lambda is_request, **others: (request if is_request else response)(**others),
    is_request=st.booleans(),
    action=st.sampled_from(["ACCEPT", "REJECT", "\x1b]52;c;eA==\x07", ""]),
    flow_direction=st.sampled_from(["ingress", "egress", None, "[bold]sideways"]),
    reject_reason=st.sampled_from([None, "BPA", "EC", "Accepted", "\x1b[31m"]),
    has_syn=flags, has_reset=flags, late=st.integers(0, 3), is_answered=st.booleans(),
    is_rejected=st.booleans(), is_refused=st.booleans(), protocol=st.integers(0, 255),
    interface_id=st.sampled_from(["eni-server", "eni-client", None, "'; DROP"]),
    srcaddr=st.sampled_from([CLIENT, OUTSIDE, "2001:db8::7", "no address"]),
    first=st.integers(-(2**62), 2**62), last=st.integers(-(2**62), 2**62),
    slot=st.integers(-(2**62), 2**62), longest_s=st.integers(-(2**40), 2**40),
    records=st.integers(1, 2**60), instance_id=st.sampled_from([None, "i-1"]),
    interface_type=st.sampled_from([None, "nat_gateway"]),
)  # fmt: skip


@given(st.lists(rows, min_size=1, max_size=6), st.booleans())
def test_whatever_the_rows_rules_hold(found: list[Evidence], has_time: bool) -> None:
    """No rule fails; each quotes rows; none blames an ACL without an accepted request."""
    said = talk(*found)
    whole = case(said) if has_time else case(said, time=None)
    for verdict in judge(said, whole):
        assert verdict.evidence
        if verdict.code == "response-rejected":
            assert any(row.is_request and row.action == "ACCEPT" for row in found)
        if verdict.code == "request-rejected":
            assert any(row.is_request and row.action == "REJECT" for row in found)
    judge_evidence(whole)
    lanes = lanes_of(said, whole)
    assert lanes.slots <= MOST_SLOTS + 1
    assert sum(lane.records for lane in lanes.lanes) == sum(row.records for row in found)


def test_lanes_show_each_slot() -> None:
    """Requests before responses, ACCEPT beside REJECT; nothing is a dot, something never is."""
    early, late = request(records=8), replace(REFUSED, slot=T0 + 3540, records=1)
    said = talk(early, late)
    found = lanes_of(said, case(said))
    accept, reject = found.lanes
    assert (accept.action, reject.action) == ("ACCEPT", "REJECT")
    assert found.width_s == 120
    assert bars(accept, 8) == "█" + "·" * 29
    assert bars(reject, 8) == "·" * 29 + "▁"


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12), st.sampled_from([1, 60, 3600]))
def test_slots_always_fit(since: int, span: int, of: int) -> None:
    """However long the span, there are at most as many slots as fit, of whole multiples."""
    width = slot_width(since, since + span, of)
    assert width % of == 0
    first = since - since % width
    assert (since + span - first) // width + 1 <= MOST_SLOTS


def test_rows_of_the_question_become_talks() -> None:
    """Client and server by packet address; what was lost apart; most REJECTs first."""
    common: dict[str, Any] = {"way": "ingress"}
    made = [
        _row("OK", CLIENT, SERVER, 443, 1, "ACCEPT", **common),
        _row("OK", SERVER, CLIENT, 443, 0, "ACCEPT", **common),
        _row("OK", CLIENT, SERVER, 22, 1, "REJECT", **common),
        ("SKIPDATA", "eni-1", *[None] * 10, 0, *[None] * 2, 0, 0, 0, 0, None, None, 4, None, None,
         T0, T0 + 59, 59, None, None),
    ]  # fmt: skip
    talks, lost = case_rows(made)
    assert [one.title for one in talks] == [
        f"{CLIENT} → {SERVER}:22 TCP",
        f"{CLIENT} → {SERVER}:443 TCP",
    ]
    assert lost == (Lost("eni-1", 4, T0, T0 + 59),)
    assert len(talks[1].rows) == 2


def _row(
    status: str, src: str, dst: str, port: int, is_request: int, action: str, way: str
) -> tuple[Any, ...]:
    return (
        status, "eni-1", src, dst, src, dst, port, 6, is_request, action, way, None, T0, 1, 0, 0,
        1, 0, 0, None, "-", 3, 9, 900, T0, T0 + 9, 9, 40000, 40001,
    )  # fmt: skip
