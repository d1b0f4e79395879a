from __future__ import annotations

from collections.abc import Callable

import pytest

from flowtui.domain.schema import PartitionRole
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata, table_schema
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.sample import column_warning, header_of
from flowtui.engines.athena.tables import (
    list_databases,
    list_tables,
    list_workgroups,
    read_table,
    registered_values,
)
from flowtui.errors import ConnectError
from flowtui.sql.ddl import CLASSIC_FIELDS, Partitioning, TableDefinition, create_table
from tests.engines.athena.conftest import HEADER, LINE

Put = Callable[[str, str], None]
Run = Callable[[str], None]
ROOT = "s3://logs/AWSLogs/"
ADDRESS = TableAddress("default", "flows")


def definition(partitioning: Partitioning, **changes: object) -> TableDefinition:
    """A table over the logs bucket."""
    settings: dict[str, object] = {
        "accounts": ("012345678901",),
        "regions": ("eu-west-1",),
        "partitioning": partitioning,
    }
    return TableDefinition("flows", ROOT, **(settings | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("partitioning", list(Partitioning))
@pytest.mark.parametrize("is_parquet", [False, True])
def test_every_table_we_define_is_understood(
    partitioning: Partitioning, is_parquet: bool, run_ddl: Run, logs: Put, clients: AwsClients
) -> None:
    """Athena takes each definition, and its schema holds all fields and the right keys."""
    run_ddl(create_table(definition(partitioning, is_parquet=is_parquet)))
    table = read_table(clients, ADDRESS)
    schema = table_schema(table, ADDRESS, registered_values(clients, ADDRESS, table))
    assert set(schema.fields) >= {"srcaddr", "dstaddr", "start", "end", "action", "log_status"}
    roles = [key.role for key in schema.partition_keys]
    assert (
        roles
        == {
            Partitioning.NONE: [],
            Partitioning.DAY: [PartitionRole.ACCOUNT, PartitionRole.REGION, PartitionRole.DATE],
            Partitioning.HOUR: [PartitionRole.ACCOUNT, PartitionRole.REGION, PartitionRole.DATE],
            Partitioning.HIVE: [
                PartitionRole.ACCOUNT,
                PartitionRole.OTHER,
                PartitionRole.REGION,
                PartitionRole.YEAR,
                PartitionRole.MONTH,
                PartitionRole.DAY,
            ],
        }[partitioning]
    )
    assert bool([w for w in schema.warnings if "no partitions" in w]) == (not roles)


def test_the_classic_table_is_the_classic_one(run_ddl: Run, logs: Put, clients: AwsClients) -> None:
    """All 29 columns with the classic names are matched to their fields."""
    classic = definition(Partitioning.NONE, fields=CLASSIC_FIELDS, is_classic=True)
    run_ddl(create_table(classic))
    table = read_table(clients, ADDRESS)
    names = [name for name, _ in table.columns]
    assert names[:9] == [
        "version", "account", "interfaceid", "sourceaddress", "destinationaddress", "sourceport",
        "destinationport", "protocol", "numpackets",
    ]  # fmt: skip
    assert table_schema(table, ADDRESS).fields == CLASSIC_FIELDS
    assert table.parameters["skip.header.line.count"] == "1"
    assert "LazySimpleSerDe" in table.parameters["serde.serialization.lib"]


def test_other_tables_are_refused_with_the_reason() -> None:
    """Transit gateway logs and tables of anything else are not taken for VPC flow logs."""
    transit = TableMetadata("t", (("tgw_id", "string"), ("srcaddr", "string")))
    with pytest.raises(ConnectError, match="transit gateway"):
        table_schema(transit, ADDRESS)
    with pytest.raises(ConnectError, match="no column for srcaddr"):
        table_schema(TableMetadata("t", (("elb", "string"),)), ADDRESS)


def test_the_catalogue_is_listed(run_ddl: Run, logs: Put, clients: AwsClients) -> None:
    """Work groups, databases and tables are named, and flow log tables say why they look right."""
    run_ddl(create_table(definition(Partitioning.DAY)))
    assert "primary" in list_workgroups(clients)
    assert list_databases(clients, "AwsDataCatalog") == ["default"]
    (table,) = list_tables(clients, "AwsDataCatalog", "default")
    assert table.looks_like_flow_logs() == "14 flow log fields"


def test_a_missing_table_says_so(clients: AwsClients) -> None:
    """The message names the table, the hint says where tables are listed."""
    with pytest.raises(ConnectError) as caught:
        read_table(clients, TableAddress("default", "nowhere"))
    assert "nowhere" in caught.value.message
    assert caught.value.hint


def test_a_displaced_column_is_found_in_the_files(
    run_ddl: Run, logs: Put, clients: AwsClients
) -> None:
    """The region-shift trap: the files hold region where the table has the next column."""
    logs("AWSLogs/a.log.gz", f"{HEADER} region az-id\n{LINE} eu-west-1 euw1-az1\n")
    header = header_of(clients, (ROOT,))
    assert header is not None
    assert header[-2:] == ("region", "az_id")
    fields = tuple(HEADER.replace("-", "_").split())
    run_ddl(create_table(definition(Partitioning.NONE, fields=(*fields, "az_id"))))
    warning = column_warning(read_table(clients, ADDRESS), header)
    assert "az_id" in warning
    assert "region" in warning
    right = definition(Partitioning.NONE, fields=(*fields, "region", "az_id"))
    run_ddl("DROP TABLE flows")
    run_ddl(create_table(right))
    assert column_warning(read_table(clients, ADDRESS), header) == ""
