"""Anonymised copies: stable under a key, private stays private, subnets stay together."""

from __future__ import annotations

import stat
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.addresses import is_private
from flowtui.domain.executions import Column
from flowtui.errors import ConfigError
from flowtui.session.anonymise import Anonymiser
from flowtui.session.anonymisekey import anonymiser

KEY = bytes(range(32))
HIDING = Anonymiser(KEY)
FOURS, SIXES = st.ip_addresses(v=4), st.ip_addresses(v=6)


def shared(one: IPv4Address | IPv6Address, other: IPv4Address | IPv6Address) -> int:
    """Leading bits that two addresses have in common."""
    return one.max_prefixlen - (int(one) ^ int(other)).bit_length()


@given(st.tuples(FOURS, FOURS) | st.tuples(SIXES, SIXES))
def test_addresses_share_as_many_bits_as_before(pair: tuple[IPv4Address, IPv4Address]) -> None:
    """Prefixes are kept exactly, so no two addresses fall together."""
    changed = [ip_address(HIDING.text(str(address))) for address in pair]
    assert shared(*changed) == shared(*pair)


@given(FOURS | SIXES)
def test_private_stays_private_and_public_public(address: IPv4Address | IPv6Address) -> None:
    """No address enters or leaves a range that the internet does not route."""
    changed = ip_address(HIDING.text(str(address)))
    assert is_private(str(changed)) == is_private(str(address))
    assert changed.is_multicast == address.is_multicast
    assert (changed.version, changed.is_loopback) == (address.version, address.is_loopback)


@pytest.mark.parametrize("text", ["127.0.0.1", "169.254.169.254", "255.255.255.255", "::1",
                                  "224.0.0.1", "ff02::1", "-", "", "10.0.0.0/8", "10:42:07",
                                  "1.2.3", "2026-11-24T10:42:07Z"])  # fmt: skip
def test_what_tells_nothing_is_left_as_it_is(text: str) -> None:
    """Well-known addresses, whole private ranges, times and placeholders stay readable."""
    assert HIDING.text(text) == text


@pytest.mark.parametrize("text", ["203.0.113.9", "10.0.1.20", "2001:db8::1", "123456789012",
                                  "eni-0123456789abcdef0", "i-0a1b2c3d"])  # fmt: skip
def test_what_tells_who_is_changed_everywhere_alike(text: str) -> None:
    """Alone, in a filter line, in SQL and in prose it becomes the same other thing."""
    changed = HIDING.text(text)
    assert changed != text
    assert len(changed) == len(text) or "." in text or ":" in text
    for frame in ("src:{} last:1h", "ip:{},{}", "WHERE a = '{}'", "from {} to {}", "({})", "{}/x"):
        assert HIDING.text(frame.format(text, text)) == frame.format(changed, changed)
    assert Anonymiser(KEY).text(text) == changed
    assert Anonymiser(b"another".ljust(32)).text(text) != changed


@given(FOURS | SIXES, st.integers(0, 32))
def test_what_lies_in_a_network_lies_in_the_changed_one(
    address: IPv4Address | IPv6Address, bits: int
) -> None:
    """A filter by network still holds the addresses it held."""
    network = ip_network((address, bits), strict=False)
    changed = ip_network(HIDING.text(str(network)))
    assert ip_address(HIDING.text(str(address))) in changed
    assert changed.prefixlen == bits


def test_cells_are_changed_by_what_their_column_holds() -> None:
    """Ids of any length, accounts that are numbers; figures are never touched."""
    assert HIDING.cell("eni-0a", Column("interface_id", "varchar")) != "eni-0a"
    assert str(HIDING.cell("eni-0a", Column("interface_id", "varchar"))).startswith("eni-")
    assert HIDING.cell(123456789012, Column("account_id", "bigint")) != 123456789012
    assert HIDING.cell(123456789012, Column("bytes", "bigint")) == 123456789012
    assert HIDING.cell("-", Column("instance_id", "varchar")) == "-"
    assert HIDING.cell(None, Column("srcaddr", "varchar")) is None


@pytest.mark.parametrize("name", ["interface_id", "ecs_task_id", "resource_id"])
@pytest.mark.parametrize("mark", [",", ", ", " ", "|"])
def test_of_several_ids_in_a_cell_none_is_left(name: str, mark: str) -> None:
    """What a query has joined under the name of a field is hidden as each of them is."""
    ids = ("eni-0123456789abcdef0", "eni-0a1b2c3d", "10.0.1.20")
    hidden = HIDING.cell(mark.join(ids), Column(name, "varchar"))
    assert hidden == mark.join(map(HIDING.text, ids))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "flowtui"


def test_the_key_is_made_once_for_this_user_alone(state: Path) -> None:
    """Two copies, in two processes as it were, agree; nobody else may read the key."""
    once, again = anonymiser().text("10.0.1.20"), anonymiser().text("10.0.1.20")
    assert once == again
    (key,) = state.iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    key.chmod(0o644)
    anonymiser()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_key_that_is_none_is_an_error(state: Path) -> None:
    """Half a key would silently change all names: it is refused."""
    state.mkdir()
    (state / "anonymise.key").write_bytes(b"short")
    with pytest.raises(ConfigError, match="no key"):
        anonymiser()
