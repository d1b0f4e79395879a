from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.addresses import is_private, network_text, parse_network
from flowtui.domain.arguments import parse_argument
from flowtui.domain.codes import (
    PROTOCOLS,
    flags_number,
    flags_text,
    is_opener,
    protocol_name,
    protocol_number,
)
from flowtui.domain.filters import NumberRange
from flowtui.domain.ports import PORT_SETS, SERVICES, parse_port, service_name
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.errors import FilterError


@pytest.mark.parametrize("number", PROTOCOLS)
def test_protocols_go_both_ways(number: int) -> None:
    """A protocol's name, typed in any case, is its number."""
    assert protocol_number(protocol_name(number).upper()) == number


def test_unknown_protocols_show_their_number() -> None:
    """A number without a name stands for itself."""
    assert protocol_name(200) == "200"


@pytest.mark.parametrize(
    ("flags", "text"),
    [(0, "."), (2, "S"), (18, "SA"), (1, "F"), (4, "R"), (3, "SF"), (19, "SFA"), (6, "SR")],
)
def test_flags(flags: int, text: str) -> None:
    """Flags read as letters, S first; 0 is a dot and never an ACK."""
    assert flags_text(flags) == text
    assert flags_number(text) == flags


@pytest.mark.parametrize("flags", range(64))
def test_openers_have_syn_alone(flags: int) -> None:
    """An opener has SYN and no ACK, whatever else its window saw."""
    assert is_opener(flags) == (bool(flags & 2) and not flags & 16)


@pytest.mark.parametrize("port", SERVICES)
def test_services_go_both_ways(port: int) -> None:
    """The name shown for a port can be typed for it."""
    assert parse_port(service_name(port) or "") == (port,)


@pytest.mark.parametrize("name", PORT_SETS)
def test_sets_are_their_ports(name: str) -> None:
    """A set means its ports, in order."""
    assert parse_port(f"@{name.upper()}") == PORT_SETS[name]
    assert list(PORT_SETS[name]) == sorted(PORT_SETS[name])


@pytest.mark.parametrize("text", ["", "-", "1-", "-1", "65536", "1-65536", "5-4", "@no", "x", "²"])
def test_no_ports(text: str) -> None:
    """What is no port is refused."""
    with pytest.raises(ValueError):  # noqa: PT011
        parse_port(text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", True), ("172.16.0.1", True), ("172.32.0.1", False), ("192.168.9.9", True),
        ("100.64.0.1", True), ("100.128.0.1", False), ("169.254.1.1", True), ("127.0.0.1", True),
        ("0.0.0.0", True), ("8.8.8.8", False), ("::1", True), ("::", True), ("fd00::1", True),
        ("fe80::1", True), ("2001:db8::1", False), ("-", None), ("", None), ("host", None),
    ],
)  # fmt: skip
def test_private_addresses(address: str, expected: bool | None) -> None:
    """Private is what the internet does not route; text that is no address is neither."""
    assert is_private(address) is expected


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str))
def test_single_addresses_read_back(address: str) -> None:
    """A network of one address is written without its slash."""
    assert network_text(parse_network(address)) == address


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("count", "10", 10),
        ("port", "ssh", 22),
        ("ports", "22, 8000-8999", (22, NumberRange(8000, 8999))),
        ("address", "2001:DB8::1", "2001:db8::1"),
        ("cidr", "10.1.1.1/8", (parse_network("10.0.0.0/8"),)),
        ("cidrs", "10.0.0.1, fd00::/8", (parse_network("10.0.0.1"), parse_network("fd00::/8"))),
        ("duration", "5m", 300),
        ("bytes", "1MB", 1_000_000),
        ("text", " as typed ", " as typed "),
    ],
)
def test_arguments_are_typed(type: str, text: str, value: object) -> None:
    """What is typed for a parameter becomes a value of its type."""
    assert parse_argument(Parameter("p", ParameterType(type), ""), text) == value


@pytest.mark.parametrize(
    ("type", "text", "wrong"),
    [
        ("count", " x1 ", "x1"),
        ("count", "-1", "-1"),
        ("port", "22-23", "22-23"),
        ("ports", "22, nope", "nope"),
        ("ports", "22,,23", ""),
        ("address", "10.0.0.0/8", "10.0.0.0/8"),
        ("cidrs", "10.0.0.1,10.0", "10.0"),
        ("duration", "5", "5"),
        ("bytes", "many", "many"),
        ("count", "", ""),
    ],
)
def test_wrong_arguments_have_a_span(type: str, text: str, wrong: str) -> None:
    """The refusal points at the wrong part and names the parameter."""
    with pytest.raises(FilterError) as caught:
        parse_argument(Parameter("p", ParameterType(type), ""), text)
    start, end = caught.value.span
    assert text[start:end] == wrong
    assert caught.value.message.startswith("p: ")
