from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flowtui.errors import ConfigError
from flowtui.sql.ddl import Partitioning, TableDefinition, create_table

PLAIN = TableDefinition("flows", "s3://logs/AWSLogs/", partitioning=Partitioning.NONE)


@pytest.mark.parametrize(
    "hostile", ["a'b", "a`b", 'a"b', "a\\", "a\x1b[31m", "a\nb", "a\u202eb"], ids=ascii
)
@pytest.mark.parametrize("place", ["table", "database", "location", "fields", "regions"])
def test_nothing_hostile_is_written_into_a_definition(place: str, hostile: str) -> None:
    """Hive reads quote marks and backslashes in its own way: whatever holds them is refused."""
    value: Any = {
        "location": f"s3://logs/{hostile}/",
        "fields": ("srcaddr", hostile),
        "regions": (hostile,),
    }.get(place, hostile)
    definition = replace(PLAIN, **{place: value})
    with pytest.raises(ConfigError, match="Not to be written"):
        create_table(definition)


def test_a_plain_definition_is_written() -> None:
    """What holds none of them is taken as it is."""
    definition = replace(PLAIN, table="fl06-daily", fields=("srcaddr", "new-field"))
    text = create_table(definition)
    assert "`fl06-daily`" in text
    assert "`new-field` string" in text
