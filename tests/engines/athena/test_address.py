from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.engines.athena.address import TableAddress
from flowtui.errors import ConfigError

NAMES = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='@/"'),
    min_size=1,
).filter(lambda name: name.strip("/") == name)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("athena://logs.flows", TableAddress("logs", "flows")),
        ("athena://prod@logs.flows", TableAddress("logs", "flows", workgroup="prod")),
        ("athena://wg@cat.db.t", TableAddress("db", "t", "cat", "wg")),
        ('athena://"my.db".t', TableAddress("my.db", "t")),
    ],
)
def test_addresses_are_read(text: str, address: TableAddress) -> None:
    """Each form of the address names work group, catalogue, database and table."""
    assert TableAddress.parse(text) == address


@pytest.mark.parametrize("text", ["athena://", "athena://t", "athena://@db.t", "athena://a.b.c.d"])
def test_wrong_addresses_say_the_form(text: str) -> None:
    """What is not an address is refused with an example."""
    with pytest.raises(ConfigError) as caught:
        TableAddress.parse(text)
    assert "DATABASE.TABLE" in caught.value.hint


@given(NAMES, NAMES, NAMES)
def test_addresses_round_trip(database: str, table: str, workgroup: str) -> None:
    """Any names, dots and spaces included, come back from the written form."""
    address = TableAddress(database, table, workgroup=workgroup)
    assert TableAddress.parse(str(address)) == address
