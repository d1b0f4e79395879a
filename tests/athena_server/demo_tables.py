"""The tables of the demo, as their owners made them.

See "Query VPC flow logs", Athena User Guide, and "VPC flow logs", Security Lake User Guide.
"""

from __future__ import annotations

from typing import Final

from flowtui.demo.network import ACCOUNT, REGION

LAKE_DATABASE: Final = f"amazon_security_lake_glue_db_{REGION.replace('-', '_')}"
_LAKE_TABLE: Final = f"amazon_security_lake_table_{REGION.replace('-', '_')}_vpc_flow"
_TEXT: Final = "s3://flow-logs/AWSLogs"

_CLASSIC: Final = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs (
  version int, account string, interfaceid string, sourceaddress string,
  destinationaddress string, sourceport int, destinationport int, protocol int, numpackets int,
  numbytes bigint, starttime int, endtime int, action string, logstatus string, vpcid string,
  subnetid string, instanceid string, tcpflags int, type string, pktsrcaddr string,
  pktdstaddr string, region string, azid string, sublocationtype string, sublocationid string,
  pktsrcawsservice string, pktdstawsservice string, flowdirection string, trafficpath string
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES ('field.delim' = ' ')
LOCATION '{_TEXT}/{ACCOUNT}/vpcflowlogs/{REGION}/'
TBLPROPERTIES ('skip.header.line.count' = '1')
"""
_COLUMNS: Final = """
  version int, account_id string, interface_id string, srcaddr string, dstaddr string,
  srcport int, dstport int, protocol bigint, packets bigint, bytes bigint, start bigint,
  `end` bigint, action string, log_status string, vpc_id string, subnet_id string,
  instance_id string, tcp_flags int, type string, pkt_srcaddr string, pkt_dstaddr string
"""
_LATER_COLUMNS: Final = """
  az_id string, sublocation_type string, sublocation_id string, pkt_src_aws_service string,
  pkt_dst_aws_service string, flow_direction string, traffic_path int
"""
_DOCS_TEXT: Final = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS flows_projected ({_COLUMNS}, region string, {_LATER_COLUMNS})
PARTITIONED BY (accid string, log_region string, day string)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '
LOCATION '{_TEXT}/'
TBLPROPERTIES (
  'skip.header.line.count' = '1', 'projection.enabled' = 'true',
  'projection.accid.type' = 'enum', 'projection.accid.values' = '{ACCOUNT}',
  'projection.log_region.type' = 'enum',
  'projection.log_region.values' = '{REGION},us-east-1',
  'projection.day.type' = 'date', 'projection.day.range' = '2026/01/01,NOW',
  'projection.day.format' = 'yyyy/MM/dd', 'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = '{_TEXT}/${{accid}}/vpcflowlogs/${{log_region}}/${{day}}'
)
"""
_HIVE: Final = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS flows_hive ({_COLUMNS}, region string, {_LATER_COLUMNS})
PARTITIONED BY (
  `aws-account-id` string, `aws-service` string, `aws-region` string, `year` string,
  `month` string, `day` string, `hour` string
)
STORED AS PARQUET
LOCATION 's3://flow-logs-hive/AWSLogs/'
"""
_PARQUET: Final = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS flows_parquet ({_COLUMNS}, {_LATER_COLUMNS})
PARTITIONED BY (region string, `date` string, hour string)
STORED AS PARQUET
LOCATION 's3://flow-logs-parquet/AWSLogs/{ACCOUNT}/vpcflowlogs/'
TBLPROPERTIES (
  'projection.enabled' = 'true', 'projection.region.type' = 'enum',
  'projection.region.values' = '{REGION}', 'projection.date.type' = 'date',
  'projection.date.range' = '2026/01/01,NOW', 'projection.date.format' = 'yyyy/MM/dd',
  'projection.hour.type' = 'integer', 'projection.hour.range' = '00,23',
  'projection.hour.digits' = '2',
  'storage.location.template' =
    's3://flow-logs-parquet/AWSLogs/{ACCOUNT}/vpcflowlogs/${{region}}/${{date}}/${{hour}}'
)
"""
_ENDPOINT: Final = (
    "struct<ip:string,port:int,svc_name:string,interface_uid:string,vpc_uid:string,"
    "subnet_uid:string,instance_uid:string,intermediate_ips:array<string>>"
)
_CONNECTION: Final = "struct<protocol_num:int,tcp_flags:int,direction:string,boundary:string>"


def _lake(version: str, cloud: str, extra: str) -> str:
    return f"""
CREATE EXTERNAL TABLE IF NOT EXISTS {LAKE_DATABASE}.{_LAKE_TABLE}_{version.replace(".", "_")} (
  class_uid int, type_uid bigint, `time` bigint, start_time bigint, end_time bigint,
  cloud {cloud}, src_endpoint {_ENDPOINT}, dst_endpoint {_ENDPOINT},
  connection_info {_CONNECTION}, traffic struct<packets:bigint,bytes:bigint>,
  status_code string, {extra} string
)
PARTITIONED BY (region string, accountid string, eventday string)
STORED AS PARQUET
LOCATION 's3://security-lake/ext/VPC_FLOW/{version}/'
"""


TABLES: Final = (
    _CLASSIC,
    _DOCS_TEXT,
    _HIVE,
    "MSCK REPAIR TABLE flows_hive",
    _PARQUET,
    f"CREATE DATABASE {LAKE_DATABASE}",
    _lake("1.0", "struct<account_uid:string,region:string,zone:string>", "disposition"),
    _lake("2.0", "struct<account:struct<uid:string>,region:string,zone:string>", "action"),
    f"MSCK REPAIR TABLE {LAKE_DATABASE}.{_LAKE_TABLE}_1_0",
    f"MSCK REPAIR TABLE {LAKE_DATABASE}.{_LAKE_TABLE}_2_0",
)
"""Statements that make every table of the demo."""
LAYOUTS: Final = ("vpc_flow_logs", "flows_projected", "flows_hive", "flows_parquet")
"""Tables of `default` over the same records."""


def _end(side: str, direction: str) -> str:
    """An endpoint: the packet's address; the interface's own among the intermediate ones."""
    own = f"flow_direction = '{direction}'"
    members = {
        "ip": f"pkt_{side}addr",
        "port": f"{side}port",
        "svc_name": f"nullif(pkt_{side}_aws_service, '-')",
        "interface_uid": f"CASE WHEN {own} THEN interface_id END",
        "vpc_uid": f"CASE WHEN {own} THEN vpc_id END",
        "subnet_uid": f"CASE WHEN {own} THEN subnet_id END",
        "instance_uid": f"CASE WHEN {own} THEN instance_id END",
        "intermediate_ips": f"CASE WHEN pkt_{side}addr <> {side}addr THEN [{side}addr] END",
    }
    return "{" + ", ".join(f"'{name}': {value}" for name, value in members.items()) + "}"


def _view(cloud: str, directions: tuple[str, str], last: str) -> str:
    inbound, outbound = directions
    direction = f"CASE flow_direction WHEN 'ingress' THEN '{inbound}' ELSE '{outbound}' END"
    connection = (
        f"{{'protocol_num': protocol, 'tcp_flags': tcp_flags, 'direction': {direction}, "
        "'boundary': CASE WHEN traffic_path IS NULL THEN '-' ELSE '99' END}"
    )
    return f"""
SELECT 4001 AS class_uid, CASE action WHEN 'REJECT' THEN 400105 ELSE 400106 END AS type_uid,
  start * 1000 AS "time", start * 1000 AS start_time, "end" * 1000 AS end_time, {cloud} AS cloud,
  {_end("src", "egress")} AS src_endpoint, {_end("dst", "ingress")} AS dst_endpoint,
  {connection} AS connection_info, {{'packets': packets, 'bytes': bytes}} AS traffic,
  log_status AS status_code, {last}
FROM logs WHERE log_status = 'OK' AND start >= 1795395600 AND start < 1795399200
"""


V1_VIEW: Final = _view(
    "{'account_uid': account_id, 'region': region, 'zone': az_id}",
    ("ingress", "egress"),
    "CASE action WHEN 'REJECT' THEN 'Blocked' ELSE 'Allowed' END AS disposition",
)
"""Records of 01:00-02:00 as OCSF 1.0.0-rc.2 has them; DuckDB's SQL."""
V2_VIEW: Final = _view(
    "{'account': {'uid': account_id}, 'region': region, 'zone': az_id}",
    ("Inbound", "Outbound"),
    "CASE action WHEN 'REJECT' THEN 'Denied' ELSE 'Allowed' END AS action",
)
"""The same as OCSF 1.1.0 has them."""
