from __future__ import annotations

import pytest

from flowtui.domain.schema import PartitionRole
from flowtui.engines.athena.partitions import partition_keys

ROLE = PartitionRole


@pytest.mark.parametrize(
    ("names", "values", "roles", "format"),
    [
        (["date"], [["2026-11-24"]], [ROLE.DATE], "yyyy-MM-dd"),
        (["dt"], [["2026/11/24"]], [ROLE.DATE], "yyyy/MM/dd"),
        (["eventday"], [], [ROLE.DATE], "yyyyMMdd"),
        (["day"], [["2026/11/24"]], [ROLE.DATE], "yyyy/MM/dd"),
        (
            ["aws-account-id", "aws-service", "aws-region", "year", "month", "day"],
            [["123456789012", "vpcflowlogs", "eu-west-1", "2026", "11", "24"]],
            [ROLE.ACCOUNT, ROLE.OTHER, ROLE.REGION, ROLE.YEAR, ROLE.MONTH, ROLE.DAY],
            None,
        ),
        (["partition_0", "partition_1"], [["123456789012", "eu-west-1"]],
         [ROLE.ACCOUNT, ROLE.REGION], None),
        (
            ["account_partition", "region_partition", "date_partition"],
            [["123456789012", "us-gov-west-1", "2026/11/24"]],
            [ROLE.ACCOUNT, ROLE.REGION, ROLE.DATE],
            "yyyy/MM/dd",
        ),
    ],
)  # fmt: skip
def test_registered_keys_tell_what_they_mean(
    names: list[str], values: list[list[str]], roles: list[PartitionRole], format: str | None
) -> None:
    """Names and registered values together give each key its role and form."""
    keys = partition_keys([(name, "string") for name in names], {}, values)
    assert [key.role for key in keys] == roles
    if format:
        assert keys[-1].format == format


def test_numbers_without_padding_are_noticed() -> None:
    """`7` and `07` are other partitions; what is registered decides."""
    names = [("year", "string"), ("month", "string"), ("day", "string")]
    assert [k.is_padded for k in partition_keys(names, {}, [["2026", "7", "1"]])] == [
        True,
        False,
        False,
    ]


def test_projection_settings_decide() -> None:
    """Enum values, date format and range, and injected keys come from the table's properties."""
    parameters = {
        "projection.enabled": "TRUE",
        "projection.accid.type": "enum",
        "projection.accid.values": "111111111111, 222222222222",
        "projection.day.type": "date",
        "projection.day.format": "yyyy/MM/dd",
        "projection.day.range": "2026/01/01,NOW",
        "projection.tenant.type": "injected",
    }
    accid, day, tenant = partition_keys(
        [("accid", "string"), ("day", "string"), ("tenant", "string")], parameters
    )
    assert (accid.role, accid.values) == (ROLE.ACCOUNT, ("111111111111", "222222222222"))
    assert (day.role, day.format, day.first) == (ROLE.DATE, "yyyy/MM/dd", "2026/01/01")
    assert tenant.is_required
