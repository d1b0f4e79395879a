"""Addresses, WAF IP sets and rules that deny: what AWS takes, and nothing it would misread."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from functools import cache
from ipaddress import IPv4Network, ip_network
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Column, Row
from flowtui.domain.fields import Kind
from flowtui.errors import FlowtuiError
from flowtui.session.formats import FORMAT_OF, Taken
from flowtui.session.formats.deny import LINE_LIMIT
from flowtui.session.formats.waf import SET_LIMIT

COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("dstaddr", "varchar", Kind.ADDRESS),
    Column("dstport", "bigint", Kind.PORT),
    Column("protocol", "bigint", Kind.PROTOCOL),
)
NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
ADDRESSES = st.one_of(st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str))


def row(src: str | None, dst: str = "10.0.1.20", port: int | None = 22, protocol: int = 6) -> Row:
    """One record's four fields."""
    return src, dst, port, protocol


def made(id: str, *rows: Row, column: int | None = None) -> str:
    """The text of a format."""
    return FORMAT_OF[id].make(Taken(COLUMNS, rows, column, "pairs", NOW)).text


def documents(text: str) -> list[dict[str, Any]]:
    """JSON documents one after another."""
    decoder, found = json.JSONDecoder(), []
    while text := text.strip():
        one, end = decoder.raw_decode(text)
        found.append(one)
        text = text[end:]
    return found


@cache
def shape_of(service: str, operation: str) -> Any:
    """What an operation takes, by the service's own model."""
    return botocore.session.get_session().get_service_model(service).operation_model(
        operation
    ).input_shape  # fmt: skip


def test_the_column_under_the_cursor_says_which_addresses() -> None:
    """Elsewhere it is all that the rows hold; each stands once, in order."""
    rows = row("203.0.113.9"), row("2001:db8::1"), row("203.0.113.9", "10.0.1.21")
    assert made("addresses", *rows, column=0) == "203.0.113.9\n2001:db8::1\n"
    everything = "203.0.113.9\n10.0.1.20\n2001:db8::1\n10.0.1.21\n"
    assert made("addresses", *rows, column=2) == everything
    assert made("addresses", row("-", "\x1b[2J"), row(None, "::1")) == "::1\n"


@pytest.mark.parametrize("id", ["addresses", "waf", "waf-update", "deny"])
def test_rows_without_addresses_are_said_to_have_none(id: str) -> None:
    """An error says so, and nothing is copied."""
    with pytest.raises(FlowtuiError, match="no address"):
        made(id, row("-", "$(reboot)"))


@given(st.lists(ADDRESSES, min_size=1, max_size=20))
def test_waf_sets_are_what_wafv2_takes(addresses: list[str]) -> None:
    """One set for each version, each address once as /32 or /128; the model finds no fault."""
    sets = documents(made("waf", *map(row, addresses), column=0))
    wanted = {ip_network(address) for address in addresses}
    assert [s["IPAddressVersion"] for s in sets] == sorted({f"IPV{n.version}" for n in wanted})
    shape = shape_of("wafv2", "CreateIPSet")
    for one in sets:
        assert not ParamValidator().validate(one, shape).has_errors()
        for key in ("Name", "Description"):
            assert re.fullmatch(shape.members[key].metadata["pattern"], one[key])
        for key in ("Scope", "IPAddressVersion"):
            assert one[key] in shape.members[key].metadata["enum"]
    texts = [text for one in sets for text in one["Addresses"]]
    assert sorted(texts) == sorted(map(str, wanted))


def test_waf_blocks_sources_and_never_everybody() -> None:
    """Without a column of addresses under the cursor it is the source; /0 is left out."""
    (one,) = documents(made("waf", row("203.0.113.9"), row("0.0.0.0/0")))
    assert one["Addresses"] == ["203.0.113.9/32"]
    with pytest.raises(FlowtuiError, match="/0"):
        made("waf", row("0.0.0.0/0"), column=0)


def test_an_update_names_what_a_person_must_fill_in() -> None:
    """Its shape is UpdateIPSet's; id and token are placeholders, and replacing is said."""
    taken = Taken(COLUMNS, (row("203.0.113.9"),), 0, "pairs", NOW)
    made = FORMAT_OF["waf-update"].make(taken)
    (one,) = documents(made.text)
    assert not ParamValidator().validate(one, shape_of("wafv2", "UpdateIPSet")).has_errors()
    assert one["Id"].startswith("REPLACE")
    assert one["LockToken"].startswith("REPLACE")
    assert "replaces all" in made.what


def test_a_set_holds_ten_thousand_at_most() -> None:
    """More are split, and each set has a name of its own."""
    rows = [row(str(IPv4Network("10.0.0.0/8")[n])) for n in range(SET_LIMIT + 1)]
    sets = documents(made("waf", *rows, column=0))
    assert [len(one["Addresses"]) for one in sets] == [SET_LIMIT, 1]
    assert len({one["Name"] for one in sets}) == 2


def commands(text: str) -> list[list[str]]:
    """The lines that a shell would run, as words."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [shlex.split(line) for line in lines]


def entry(words: list[str]) -> dict[str, Any]:
    """The words of create-network-acl-entry as the API's parameters."""
    assert words[:3] == ["aws", "ec2", "create-network-acl-entry"]
    is_egress = "--egress" in words
    bare = [word for word in words[3:] if word not in ("--egress", "--ingress")]
    chosen = dict(zip(bare[::2], bare[1::2], strict=True))
    names = {"--network-acl-id": "NetworkAclId", "--rule-action": "RuleAction",
             "--protocol": "Protocol", "--cidr-block": "CidrBlock",
             "--ipv6-cidr-block": "Ipv6CidrBlock"}  # fmt: skip
    found: dict[str, Any] = {names[key]: chosen[key] for key in names if key in chosen}
    found |= {"Egress": is_egress, "RuleNumber": int(chosen["--rule-number"])}
    for key, name in (("--port-range", "PortRange"), ("--icmp-type-code", "IcmpTypeCode")):
        if key in chosen:
            pairs = (pair.split("=") for pair in chosen[key].split(","))
            found[name] = {k: int(v) for k, v in pairs}
    return found


@given(st.lists(st.tuples(ADDRESSES, st.integers(0, 70_000) | st.none(), st.integers(-1, 300)),
                min_size=1, max_size=15))  # fmt: skip
def test_each_rule_is_one_that_ec2_takes(traffic: list[tuple[str, int | None, int]]) -> None:
    """Every address is denied for its traffic; no number stands twice; models find no fault."""
    rows = [row(src, port=port, protocol=protocol) for src, port, protocol in traffic]
    *acl, group = commands(made("deny", *rows, column=0))
    shape = shape_of("ec2", "CreateNetworkAclEntry")
    entries = [entry(words) for words in acl]
    for one in entries:
        assert not ParamValidator().validate(one, shape).has_errors()
        assert one["RuleAction"] == "deny"
        assert not one["Egress"]
        assert ("PortRange" in one) <= (one["Protocol"] in ("6", "17"))
        assert ("IcmpTypeCode" in one) == (one["Protocol"] in ("1", "58"))
    assert len({one["RuleNumber"] for one in entries}) == len(entries)
    blocks = [ip_network(one.get("CidrBlock") or one["Ipv6CidrBlock"]) for one in entries]
    for src, _, _ in traffic:
        own = ip_network(src)
        assert any(own.version == b.version and own.subnet_of(b) for b in blocks)  # type: ignore[arg-type]
    permissions = json.loads(group[group.index("--ip-permissions") + 1])
    revoke = {"GroupId": "sg-REPLACE", "IpPermissions": permissions}
    fault = ParamValidator().validate(revoke, shape_of("ec2", "RevokeSecurityGroupIngress"))
    assert not fault.has_errors(), fault.generate_report()
    assert len(permissions) == len(entries)


def test_deny_rules_as_they_are_pasted() -> None:
    """Neighbours are one rule, ids are placeholders, and that a group cannot deny is said."""
    text = made("deny", row("203.0.113.8"), row("203.0.113.9"), row("2001:db8::1", protocol=1))
    assert "aws ec2 create-network-acl-entry --network-acl-id acl-REPLACE --ingress " \
        "--rule-number 11 --rule-action deny --protocol 6 --port-range From=22,To=22 " \
        "--cidr-block 203.0.113.8/31" in text  # fmt: skip
    assert (
        "--protocol 58 --icmp-type-code Code=-1,Type=-1 --ipv6-cidr-block 2001:db8::1/128" in text
    )
    assert "it cannot deny" in text
    assert "revoke-security-group-ingress --group-id sg-REPLACE" in text


def test_destinations_are_denied_on_the_way_out() -> None:
    """With the cursor on destinations the rules are for egress."""
    text = made("deny", row("10.0.1.20", "203.0.113.9"), column=1)
    assert "--egress" in text
    assert "revoke-security-group-egress" in text


def test_rules_beyond_sense_are_refused() -> None:
    """Nobody wants a thousand rules of a quota of twenty."""
    rows = [row(f"203.0.{n // 100}.{n % 100 * 2}") for n in range(LINE_LIMIT + 1)]
    with pytest.raises(FlowtuiError, match="at most"):
        made("deny", *rows, column=0)
