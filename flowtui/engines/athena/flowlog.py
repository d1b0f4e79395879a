"""How a flow log is set up, by DescribeFlowLogs: the best truth about the order of its fields.

See "DescribeFlowLogs", Amazon EC2 API Reference.
"""

from __future__ import annotations

from typing import Any, Final

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.local.header import parse_format
from flowtui.engines.logplace import LogPlace
from flowtui.errors import ConnectError

_ARN: Final = "arn:"


def flow_log_place(clients: AwsClients, id: str) -> LogPlace:
    """Where a flow log delivers, and in which form. One call.

    Raises:
        ConnectError: There is no such flow log here, or it does not deliver VPC records to S3.
        CredentialsError: ec2:DescribeFlowLogs is not allowed.
    """
    with translating(f"reading the flow log {id}", clients.settings.profile):
        answer = clients.client("ec2").describe_flow_logs(FlowLogIds=[id])
    if not answer["FlowLogs"]:
        raise ConnectError(
            f"There is no flow log {id} in {clients.region}.",
            "Check the id, and the region: --region, or AWS_REGION.",
        )
    return _place(clients, answer["FlowLogs"][0])


def flow_log_format(clients: AwsClients, bucket: str) -> tuple[str, ...]:
    """Fields of the flow logs that deliver to a bucket; empty where none does or they differ."""
    found: set[tuple[str, ...]] = set()
    with translating("reading the flow logs", clients.settings.profile):
        for page in clients.client("ec2").get_paginator("describe_flow_logs").paginate():
            found |= {
                parse_format(log["LogFormat"])
                for log in page["FlowLogs"]
                if log.get("LogFormat") and _location(log).startswith(f"s3://{bucket}/")
            }
    return found.pop() if len(found) == 1 else ()


def _place(clients: AwsClients, log: dict[str, Any]) -> LogPlace:
    id, location = log["FlowLogId"], _location(log)
    if not location:
        kind = log.get("LogDestinationType", "cloud-watch-logs")
        raise ConnectError(
            f"The flow log {id} delivers to {kind}, not to S3.", "Give one that delivers to S3."
        )
    fields = parse_format(log["LogFormat"])
    if "srcaddr" not in fields:
        raise ConnectError(
            f"The flow log {id} has no field srcaddr; its format is {log['LogFormat']}",
            "Transit gateway and Cloud WAN logs are not read.",
        )
    options = log.get("DestinationOptions", {})
    return LogPlace(
        location + "AWSLogs/",
        accounts=_account(clients),
        regions=(clients.region,) if clients.region else (),
        fields=fields,
        is_parquet=options.get("FileFormat") == "parquet",
        is_hive=bool(options.get("HiveCompatiblePartitions")),
        is_hourly=bool(options.get("PerHourPartition")),
        sample=id,
    )


def _location(log: dict[str, Any]) -> str:
    """`s3://bucket/[prefix/]`; empty for one that delivers elsewhere."""
    destination = str(log.get("LogDestination", ""))
    if log.get("LogDestinationType") != "s3" or not destination.startswith(_ARN):
        return ""
    path = destination.split(":::", 1)[-1]
    return f"s3://{path}" if path.endswith("/") else f"s3://{path}/"


def _account(clients: AwsClients) -> tuple[str, ...]:
    with translating("asking who we are", clients.settings.profile):
        return (clients.client("sts").get_caller_identity()["Account"],)
