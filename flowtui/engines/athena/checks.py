"""Whether everything that questions on Athena need is there and allowed, one check after another.

Nothing here costs more than some requests: no query runs, and nothing is written unless that is
asked for.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowtui.domain.values import format_size
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata, table_schema
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.athena.newest import newest_data
from flowtui.engines.athena.permissions import permissions
from flowtui.engines.athena.sample import column_warning, header_of
from flowtui.engines.athena.tables import read_table, registered_values
from flowtui.engines.athena.workgroup import WorkGroup, read_workgroup
from flowtui.engines.checks import Check, bad, failing, good, poor
from flowtui.errors import EngineError


@dataclass(frozen=True, slots=True)
class Examined:
    """What is checked."""

    address: TableAddress
    output_location: str = ""
    is_writing: bool = False
    """Write and delete one object of a few bytes where results go."""


def identity_checks(clients: AwsClients) -> Iterator[Check]:
    """Who we are to AWS, and where; ends after the first that fails."""
    try:
        with translating("asking who we are", clients.settings.profile):
            who = clients.client("sts").get_caller_identity()
    except EngineError as error:
        yield failing("identity", error)
        return
    profile = f", profile {clients.settings.profile}" if clients.settings.profile else ""
    yield good("identity", f"{who['Arn']} (account {who['Account']}{profile})")
    yield good("region", clients.region)


def athena_checks(clients: AwsClients, examined: Examined) -> Iterator[Check]:
    """Everything about a table, from who we are to the permission for each call."""
    failed = False
    for check in identity_checks(clients):
        failed = failed or not check.is_good
        yield check
    if failed:
        return
    yield from _endpoints(clients)
    group = None
    try:
        group = read_workgroup(clients, examined.address.workgroup)
        yield _about_workgroup(group)
    except EngineError as error:
        yield failing("work group", error)
    output = _output(group, examined.output_location)
    yield from _about_output(clients, group, output, examined.is_writing)
    table = None
    try:
        table = read_table(clients, examined.address)
    except EngineError as error:
        yield failing("table", error)
    if table is not None:
        yield from _about_table(clients, examined.address, table)
    yield from permissions(clients, examined.address, table, output)


def _endpoints(clients: AwsClients) -> Iterator[Check]:
    for service in ("athena", "glue", "s3"):
        url = str(clients.client(service).meta.endpoint_url)
        if ".amazonaws.com" not in url:
            yield good(f"endpoint of {service}", url)


def _about_workgroup(group: WorkGroup) -> Check:
    if not group.is_known:
        return poor(
            "work group",
            f"{group.name}: its settings may not be read; ask for athena:GetWorkGroup "
            "to see its limits here",
        )
    parts = [group.name, group.engine_version or "engine version unknown"]
    parts.append("its settings are enforced" if group.is_enforced else "settings may be overridden")
    cutoff = group.cutoff_bytes
    parts.append(
        f"queries end, billed, at {format_size(cutoff)} scanned" if cutoff else "no limit per query"
    )
    if group.is_managed:
        parts.append("Athena keeps the results itself for 24 hours")
    return good("work group", "; ".join(parts))


def _output(group: WorkGroup | None, wanted: str) -> str:
    if group is None:
        return wanted
    if group.is_managed:
        return ""
    return group.output_location if group.is_enforced else wanted or group.output_location


def _about_output(
    clients: AwsClients, group: WorkGroup | None, output: str, is_writing: bool
) -> Iterator[Check]:
    if group is not None and group.is_managed:
        yield good("results", "kept by Athena: nothing to read or write in S3")
        return
    if not output:
        text = "no place for them: give --output-location s3://BUCKET/PREFIX/"
        yield bad("results", text) if group and group.is_known else poor("results", text)
        return
    bucket, _, prefix = output.removeprefix("s3://").partition("/")
    s3 = clients.client("s3")
    try:
        with translating(f"listing {output}", clients.settings.profile):
            listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
            for item in listed.get("Contents", []):
                s3.head_object(Bucket=bucket, Key=item["Key"])
        yield good("results", f"{output} can be read")
    except EngineError as error:
        yield failing("results", error)
    if is_writing:
        yield _written(clients, s3, bucket, prefix)
    else:
        text = "not tried; --write-test writes and deletes one small object there"
        yield good("results, writing", text)


def _written(clients: AwsClients, s3: Any, bucket: str, prefix: str) -> Check:
    key = f"{prefix.rstrip('/')}/flowtui-doctor-{uuid.uuid4().hex}.txt".lstrip("/")
    try:
        with translating(f"writing s3://{bucket}/{key}", clients.settings.profile):
            s3.put_object(Bucket=bucket, Key=key, Body=b"flowtui doctor\n")
    except EngineError as error:
        return failing("results, writing", error)
    try:
        with translating(f"deleting s3://{bucket}/{key}", clients.settings.profile):
            s3.delete_object(Bucket=bucket, Key=key)
    except EngineError as error:
        # Athena itself need not delete; but what was written here should be known to be there.
        return poor("results, writing", f"works, but s3://{bucket}/{key} stays: {error.message}")
    return good("results, writing", "one object was written and deleted")


def _about_table(
    clients: AwsClients, address: TableAddress, table: TableMetadata
) -> Iterator[Check]:
    values = registered_values(clients, address, table)
    try:
        schema = table_schema(table, address, values)
    except EngineError as error:
        yield failing("table", error)
        return
    form = "a view" if table.is_view else "text" if table.is_text else "Parquet or the like"
    yield good(
        "table", f"{address.database}.{address.table}: {form}, {table.looks_like_flow_logs()}"
    )
    unknown = [name for name, _ in table.columns if not _is_field(schema.columns, name)]
    if unknown:
        yield poor("columns", f"no flow log fields: {', '.join(unknown)}; they are shown as text")
    for key in schema.partition_keys:
        how = "computed" if table.is_projected else "registered"
        form = f", as {key.format}" if key.format else ""
        yield good(f"partition {key.name}", f"{key.role.value}{form}, {how}")
    for warning in schema.warnings:
        yield poor("table", warning)
    if table.is_view or not table.location:
        return
    yield _about_sample(clients, table)
    yield from newest_data(clients, address, table)


def _is_field(columns: Any, name: str) -> bool:
    return any(column.field is not None and column.name == name for column in columns)


def _about_sample(clients: AwsClients, table: TableMetadata) -> Check:
    if not table.is_text:
        return good("columns", "go by name: nothing can be displaced")
    try:
        header = header_of(clients, (table.location,))
    except EngineError as error:
        return failing("columns", error, is_needed=False)
    if header is None:
        return poor("columns", f"no log file under {table.location} to hold them against")
    warning = column_warning(table, header)
    return bad("columns", warning) if warning else good("columns", "stand as the files have them")
