"""Which of the calls that flowtui makes are allowed, each tried in its cheapest form.

A call about something that does not exist is refused with "not found" where it is allowed, and with
"access denied" where it is not: IAM decides before the service looks. Nothing runs and nothing is
written. See "Actions, resources, and condition keys", Service Authorization Reference.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import is_transient, translating
from flowtui.engines.checks import Check, bad, good, poor
from flowtui.errors import CredentialsError, EngineError

_NO_STATEMENT: Final = "SELECT"
"""Refused before anything runs."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    action: str
    """As IAM names it."""
    operation: str
    """As boto3 names it."""
    arguments: dict[str, Any] = field(default_factory=dict)
    without: str = ""
    """What does not work without it, where everything else does; empty: nothing works."""
    resource: str = ""


def permissions(
    clients: AwsClients, address: TableAddress, table: TableMetadata | None, output: str
) -> Iterator[Check]:
    """A check for each action."""
    yield from (_tried(clients, attempt) for attempt in _athena(address))
    yield from (_tried(clients, attempt) for attempt in _catalogue(address))
    if table is not None and table.location.startswith("s3://"):
        yield from (_tried(clients, attempt) for attempt in _bucket(clients, table.location))
    if output:
        slowly = "long results come slowly, by pages"
        for attempt in _bucket(clients, output, slowly):
            yield _tried(clients, attempt)
    yield from (_tried(clients, attempt) for attempt in _EC2)


def _tried(clients: AwsClients, attempt: _Attempt) -> Check:
    action = attempt.action
    name = f"{action} on {attempt.resource}" if attempt.resource else action
    try:
        with translating(f"trying {action}", clients.settings.profile):
            client = clients.client(action.partition(":")[0])
            getattr(client, attempt.operation)(**attempt.arguments)
    except CredentialsError as error:
        if not error.message.startswith("Access denied"):
            return bad(name, f"{error.message} {error.hint}".rstrip())
        without = attempt.without or "nothing can be asked"
        text = f"missing: without it, {without}; ask for the permission {action}"
        return poor(name, text) if attempt.without else bad(name, text)
    except EngineError as error:
        # Refused for what it asked about, or not there: then it was allowed to ask.
        if is_transient(error) and "try" in error.hint.lower():
            return poor(name, f"could not be tried: {error.message}")
    return good(name, "allowed")


def _athena(address: TableAddress) -> Iterator[_Attempt]:
    # No execution has this id.
    nobody = {"QueryExecutionId": str(uuid.uuid4())}
    group = {"WorkGroup": address.workgroup}
    some = {"MaxResults": 1}
    catalog = {"CatalogName": address.catalog}
    place = {**catalog, "DatabaseName": address.database}
    for action, arguments, without in (
        ("GetWorkGroup", group, "the limits of the work group are not known"),
        ("GetTableMetadata", {**place, "TableName": address.table}, ""),
        ("StartQueryExecution", {**group, "QueryString": _NO_STATEMENT}, ""),
        ("GetQueryExecution", nobody, ""),
        (
            "BatchGetQueryExecution",
            {"QueryExecutionIds": [nobody["QueryExecutionId"]]},
            "several queries at once cannot be watched",
        ),
        ("GetQueryResults", nobody, ""),
        ("StopQueryExecution", nobody, "queries cannot be cancelled, and run on at your cost"),
        ("ListQueryExecutions", {**group, **some}, "queries of others are not listed"),
        ("ListNamedQueries", {**group, **some}, "named queries are not listed"),
        ("ListWorkGroups", some, "work groups are not listed when connecting"),
        ("ListDatabases", {**catalog, **some}, "databases are not listed when connecting"),
        ("ListTableMetadata", {**place, **some}, "tables are not listed when connecting"),
    ):
        yield _Attempt(f"athena:{action}", _snake(action), arguments, without)


def _catalogue(address: TableAddress) -> Iterator[_Attempt]:
    database = {"DatabaseName": address.database}
    yield _Attempt("glue:GetTable", "get_table", {**database, "Name": address.table})
    some = {**database, "TableName": address.table, "MaxResults": 1}
    yield _Attempt("glue:GetPartitions", "get_partitions", some)


def _bucket(clients: AwsClients, location: str, without: str = "") -> Iterator[_Attempt]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    listing = {"Bucket": bucket, "Prefix": prefix, "MaxKeys": 1}
    yield _Attempt("s3:GetBucketLocation", "get_bucket_location", {"Bucket": bucket}, "", bucket)
    yield _Attempt("s3:ListBucket", "list_objects_v2", listing, without, bucket)
    try:
        with translating(f"listing {location}", clients.settings.profile):
            found = clients.client("s3").list_objects_v2(**listing).get("Contents", [])
    except EngineError:
        found = []
    # Of a key that is not there, S3 says "denied" where listing is not allowed either.
    key = found[0]["Key"] if found else f"{prefix}flowtui-doctor"
    yield _Attempt("s3:GetObject", "head_object", {"Bucket": bucket, "Key": key}, without, bucket)


_EC2: Final = (
    _Attempt(
        "ec2:DescribeNetworkInterfaces", "describe_network_interfaces", {"MaxResults": 5},
        "interfaces have no names",
    ),
    _Attempt(
        "ec2:DescribeFlowLogs", "describe_flow_logs", {"MaxResults": 5},
        "flowtui ddl needs a log file to tell the fields",
    ),
)  # fmt: skip


def _snake(action: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action)[1:]
