from __future__ import annotations

import duckdb
import pytest

from flowtui.domain.fields import Kind
from flowtui.engines.columns import athena_type, column, stored_type


@pytest.mark.parametrize(
    ("name", "type", "kind"),
    [
        ("srcaddr", "varchar", Kind.ADDRESS),
        ("sourceaddress", "varchar", Kind.ADDRESS),
        ("peer", "varchar", Kind.ADDRESS),
        ("peer", "bigint", None),
        ("dstport", "integer", Kind.PORT),
        ("bytes", "bigint", Kind.BYTES),
        ("total_bytes", "bigint", Kind.BYTES),
        ("numpackets", "bigint", Kind.COUNT),
        ("records", "bigint", Kind.COUNT),
        ("openers", "bigint", Kind.COUNT),
        ("cnt", "bigint", Kind.COUNT),
        ("start", "bigint", Kind.TIME),
        ("END", "bigint", Kind.TIME),
        ("first_seen", "bigint", Kind.TIME),
        ("last_seen", "timestamp", None),
        ("action", "varchar", Kind.ACTION),
        ("action", "bigint", None),
        ("srcaddr", "bigint", None),
        ("dstport", "varchar", None),
        ("bytes", "double", None),
        ("_col0", "bigint", None),
    ],
)
def test_name_and_type_together_tell_the_kind(name: str, type: str, kind: Kind | None) -> None:
    """A heading gives the kind only where the values can be of it."""
    assert column(name, type).kind is kind


@pytest.mark.parametrize(
    "type",
    ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
     "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP",
     "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "DECIMAL(12,3)",
     "TIME", "INTERVAL", "UUID", "BLOB", "BIT", "INTEGER[]", "INTEGER[3]", "STRUCT(a INTEGER)",
     "MAP(VARCHAR, INTEGER)", "ENUM('a', 'b')"],
)  # fmt: skip
def test_every_type_of_duckdb_can_be_kept(type: str) -> None:
    """Each type has an Athena name, or becomes text; the type it is kept in can be made."""
    with duckdb.connect() as connection:
        described = connection.execute(f"SELECT CAST(NULL AS {type}) AS x").description
        shown = athena_type(str(described[0][1]))
        kept = stored_type(shown or "varchar", str(described[0][1]))
        connection.execute(f"CREATE TABLE kept (x {kept})")
    assert shown is not None or kept == "VARCHAR"


@pytest.mark.parametrize(
    ("athena", "kept"),
    [("bigint", "HUGEINT"), ("decimal(38,2)", "DECIMAL(38,2)"), ("varchar(10)", "VARCHAR"),
     ("row(a integer)", "VARCHAR"), ("timestamp(3)", "TIMESTAMP"), ("date", "VARCHAR"),
     ("timestamp(3) with time zone", "TIMESTAMPTZ"), ("array(bigint)", "VARCHAR")],
)  # fmt: skip
def test_types_of_athena_are_kept_by_name(athena: str, kept: str) -> None:
    """Where rows come from Athena there is no DuckDB type to go by."""
    assert stored_type(athena) == kept
