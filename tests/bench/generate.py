"""Deterministic flow log files as AWS delivers them, with the truth counted while generating.

    python -m tests.bench.generate OUT --records 10_000_000 --files 300 --fields v2

The text of file number i depends only on the plan and i, never on the number of processes.
`OUT/manifest.json` holds the truth to hold a reader against, counted by no query engine.
`faults` writes one small file for each way in which a file can be odd or broken.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import functools
import hashlib
import ipaddress
import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

Array = Any
"""A numpy array; of objects where it holds text."""


def _words(text: str) -> list[str]:
    return text.split()


V2 = _words(
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status"
)
V3 = _words("vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr")
V4 = _words("region az-id sublocation-type sublocation-id")
V5 = _words("pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path")
FORMATS = {"v2": V2, "v3": V2 + V3, "v4": V2 + V3 + V4, "v5": V2 + V3 + V4 + V5}
"""Field names by record version, in file order."""
_KEPT_IN_NODATA = frozenset(
    _words(
        "version account-id interface-id start end log-status vpc-id subnet-id instance-id"
        " region az-id"
    )
)
_SERVICES = np.array([
    443, 80, 5432, 6379, 8080, 3306, 9092, 53, 22, 9200, 2049, 8443, 389, 27017,
    11211, 123, 25, 5672, 3128, 9100,
])  # fmt: skip
_SCANNED = np.array([
    22, 23, 3389, 445, 80, 8080, 443, 5900, 1433, 3306, 6379, 8443, 2222, 5060,
    9200, 27017, 5432, 8728, 2375, 11211, 81, 7547, 8291, 1723, 53, 123, 161,
])  # fmt: skip
_AWS_SERVICES = np.array(["-", "AMAZON", "S3", "DYNAMODB", "EC2", "CLOUDFRONT"], dtype=object)
_REGION = "us-east-1"
_FAULTS_TIME = 1767225600


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate."""

    out: Path
    records: int
    files: int
    fields: str = "v2"
    """A key of `FORMATS`, or field names with spaces between."""
    seed: int = 1
    accounts: int = 1
    interval_s: int = 300
    start: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    is_hive: bool = False
    is_hourly: bool = False

    @property
    def names(self) -> list[str]:
        """Field names in file order."""
        return FORMATS.get(self.fields) or self.fields.split()

    @property
    def version(self) -> int:
        """What the field `version` says."""
        return int(self.fields[1]) if self.fields in FORMATS else 5


class World:
    """Everything that stays put between files: interfaces, peers, and how popular each is."""

    def __init__(self, seed: int, enis: int = 60) -> None:
        rng = _rng(seed, 0xF10)
        u = rng.random
        vpc, subnet = (u(enis) < 0.3).astype(int), (u(enis) * 3).astype(int)
        self.eni_id = [_hexid("eni-", seed, i) for i in range(enis)]
        self.eni_vpc = [_hexid("vpc-", seed, int(v)) for v in vpc]
        self.eni_subnet = [
            _hexid("subnet-", seed, int(v), int(s)) for v, s in zip(vpc, subnet, strict=True)
        ]
        self.eni_az = [f"use1-az{(1, 2, 4)[int(s)]}" for s in subnet]
        self.eni_instance = [_hexid("i-", seed, i) if i % 5 else "-" for i in range(enis)]
        host = (u(enis) * 4000).astype(int) + 10
        own = [
            f"10.{v}.{int(s) * 16 + h // 256}.{h % 256}"
            for v, s, h in zip(vpc, subnet, host, strict=True)
        ]
        own6 = [
            _ipv6((0x26001F18 << 96) + (int(v) << 68) + (int(s) << 64) + _mixed(i))
            for i, (v, s) in enumerate(zip(vpc, subnet, strict=True))
        ]
        inside = [_inside(x, int(y * 65536)) for x, y in zip(u(3000), u(3000), strict=True)]
        outside, scanners = _public(u(150_000)), _public(u(60_000))
        outside6 = [
            _ipv6((0x2A << 120) + (int(x * 2**40) << 80) + (int(y * 2**53) << (0 if i % 3 else 11)))
            for i, (x, y) in enumerate(zip(u(20_000), u(20_000), strict=True))
        ]
        groups = [["-"], own, own6, inside, outside, scanners, outside6]
        self.book = np.array([address for group in groups for address in group], dtype=object)
        begins = np.cumsum([0] + [len(group) for group in groups]).tolist()
        _, self.own, self.own6, self.inside, self.outside, self.scanners, self.outside6, _ = begins
        self.eni_odds, self.inside_odds = _zipf(enis, 0.9), _zipf(len(inside), 1.05)
        self.outside_odds, self.scanner_odds = _zipf(len(outside), 1.1), _zipf(60_000, 0.95)
        self.outside6_odds = _zipf(len(outside6), 1.1)
        self.service_odds = _zipf(len(_SERVICES), 1.2)
        self.scanned_odds = _zipf(len(_SCANNED), 1.0)


@functools.lru_cache(maxsize=2)
def world(seed: int) -> World:
    """The same world for every file of a seed."""
    return World(seed)


def records_of(w: World, rng: np.random.Generator, n: int, end: int, interval: int) -> Any:
    """The records of one file: log name to values, and `_empty` for those without traffic."""

    def u() -> Array:
        return rng.random(n)

    def pick(odds: Array) -> Array:
        return np.minimum(np.searchsorted(odds, u()), len(odds) - 1)

    kind = np.searchsorted(np.cumsum([0.30, 0.33, 0.265, 0.085, 0.015, 0.0045, 0.0005]), u())
    east, web, out, scan, deny, nodata, skip = (kind == k for k in range(7))
    empty = nodata | skip | (kind > 6)
    eni = pick(w.eni_odds)
    six = (u() < 0.06) & (web | out)
    me = np.where(six, w.own6, w.own) + eni
    peers = [
        w.outside6 + pick(w.outside6_odds),
        w.inside + pick(w.inside_odds),
        w.scanners + pick(w.scanner_odds),
    ]
    peer = np.select([six, east | deny, scan], peers, w.outside + pick(w.outside_odds))
    service = _SERVICES[pick(w.service_odds)]
    high = (u() * 65535).astype(int) + 1
    scanned = np.where(u() < 0.7, _SCANNED[pick(w.scanned_odds)], high)
    ephemeral = 32768 + (u() * 28000).astype(int)
    port = np.select([web | out, scan], [np.where(u() < 0.85, 443, 80), scanned], service)
    mine = east & (u() < 0.5) | web | scan | deny
    reply = (u() < 0.48) & (east | web | out)
    inbound = mine ^ reply
    src, dst = np.where(inbound, peer, me), np.where(inbound, me, peer)
    protocol = np.where(np.isin(port, (53, 123)), 17, 6)
    icmp = u() < 0.006
    protocol = np.where(icmp, np.where(six, 58, 1), protocol)
    srcport = np.where(icmp, 0, np.where(reply, port, ephemeral))
    dstport = np.where(icmp, 0, np.where(reply, ephemeral, port))
    small, size = scan | deny, u()
    packets = np.where(
        small, 1 + (size * 3).astype(int), np.exp(size**2 * 9.5).astype(np.int64) + 1
    )
    octets = packets * np.where(
        small, 40 + (u() * 3).astype(int) * 4, 52 + (u() ** 3 * 1400).astype(int)
    )
    start = end - interval - 30 + np.sort((u() * interval).astype(np.int64))
    start = start - (u() * 60).astype(np.int64)
    lasted = np.where(small, (u() * 20).astype(int), 1 + (u() * 59).astype(int))
    status = np.full(n, "OK", dtype=object)
    status[empty] = "NODATA"
    status[skip] = "SKIPDATA"
    opened = np.where(u() < 0.5, 3, 2)
    flags = np.select([protocol != 6, scan, reply], [0, 2, np.where(u() < 0.5, 19, 18)], opened)
    nat = u() < 0.05
    aws = np.where(out & (u() < 0.45), 1 + (u() ** 2 * 5).astype(int), 0)

    def per_eni(values: list[str]) -> Array:
        return np.array(values, dtype=object)[eni]

    def constant(value: str) -> Array:
        return np.full(n, value, dtype=object)

    return {
        "interface-id": per_eni(w.eni_id), "srcaddr": w.book[src], "dstaddr": w.book[dst],
        "srcport": srcport, "dstport": dstport, "protocol": protocol, "packets": packets,
        "bytes": octets, "start": start, "end": start + lasted,
        "action": np.where(small, "REJECT", "ACCEPT").astype(object), "log-status": status,
        "vpc-id": per_eni(w.eni_vpc), "subnet-id": per_eni(w.eni_subnet),
        "instance-id": per_eni(w.eni_instance), "tcp-flags": flags,
        "type": np.where(six, "IPv6", "IPv4").astype(object),
        "pkt-srcaddr": w.book[np.where(nat & ~inbound, w.inside + eni, src)],
        "pkt-dstaddr": w.book[np.where(nat & inbound, w.inside + eni, dst)],
        "region": constant(_REGION), "az-id": per_eni(w.eni_az),
        "sublocation-type": constant("-"), "sublocation-id": constant("-"),
        "pkt-src-aws-service": _AWS_SERVICES[np.where(inbound, aws, 0)],
        "pkt-dst-aws-service": _AWS_SERVICES[np.where(inbound, 0, aws)],
        "flow-direction": np.where(inbound, "ingress", "egress").astype(object),
        "traffic-path": np.where(inbound, "-", np.where(out, "8", "1")).astype(object),
        "_empty": empty,
    }  # fmt: skip


def text_of(columns: Any, names: Sequence[str], version: int, account: str) -> bytes:
    """The text of a file: header line, then a line per record."""
    empty = columns["_empty"]
    constants = {"version": str(version), "account-id": account}
    values = []
    for name in names:
        if name in constants:
            values.append([constants[name]] * len(empty))
            continue
        column = columns[name]
        if name not in _KEPT_IN_NODATA:
            column = column.astype(object)
            column[empty] = "-"
        values.append(column.tolist())
    line = " ".join(["%s"] * len(names))
    body = "\n".join(map(line.__mod__, zip(*values, strict=True)))
    return (" ".join(names) + "\n" + body + "\n").encode()


def gzipped(data: bytes, level: int = 6) -> bytes:
    """One gzip member, the same bytes every time."""
    engine = zlib.compressobj(level, zlib.DEFLATED, 31)
    return engine.compress(data) + engine.flush()


def generate(plan: Plan, processes: int = 2) -> dict[str, Any]:
    """Write the files and their manifest; returns the manifest."""
    share = np.arange(plan.files)
    weight = 1 + 0.45 * np.sin(2 * np.pi * (share / 288 - 0.3))
    weight += 0.2 * (_rng(plan.seed, 2).random(plan.files) - 0.5)
    sizes = np.floor(plan.records * weight / weight.sum()).astype(int)
    sizes[: plan.records - int(sizes.sum())] += 1
    jobs = [(plan, i, n) for i, n in enumerate(sizes.tolist()) if n]
    pairs: collections.Counter[tuple[str, str]] = collections.Counter()
    files = []
    plan.out.mkdir(parents=True, exist_ok=True)
    if processes > 1:
        with concurrent.futures.ProcessPoolExecutor(processes) as pool:
            rows = list(pool.map(_one_file, *zip(*jobs, strict=True)))
    else:
        rows = [_one_file(*job) for job in jobs]
    for row in rows:
        pairs.update(row.pop("pairs"))
        files.append(row)
    total: dict[str, Any] = {
        key: sum(file[key] for file in files)
        for key in ("records", "size", "ok", "reject", "skipdata", "sum_bytes", "sum_packets")
    }
    total["min_start"] = min(file["min_start"] for file in files)
    total["max_end"] = max(file["max_end"] for file in files)
    top = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:25]
    total["top_reject_pairs"] = [[src, dst, count] for (src, dst), count in top]
    manifest = {"fields": plan.names, "total": total, "files": files}
    (plan.out / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return manifest


def faults(out: Path) -> dict[str, int | None]:
    """One small file for each way of being odd; the good records of each, None where unknown."""
    out.mkdir(parents=True, exist_ok=True)
    w, n, good = world(1), 1000, dict[str, int | None]()

    def text(k: int, names: Sequence[str] = V2, version: int = 2) -> bytes:
        columns = records_of(w, _rng(1, 3, k), n, _FAULTS_TIME, 300)
        return text_of(columns, names, version, "123456789010")

    def put(name: str, data: bytes, count: int | None = n) -> None:
        (out / name).write_bytes(data)
        good[name] = count

    header = text(0).split(b"\n")[0]
    put("00_good_v2.log.gz", gzipped(text(0)))
    put("01_good_v5.log.gz", gzipped(text(1, FORMATS["v5"], 5)))
    custom = ["action", "srcaddr", "dstaddr", "end", "start", "bytes", "log-status", "dstport"]
    put("02_custom_order.log.gz", gzipped(text(2, custom)))
    put("03_no_header.log.gz", gzipped(text(3).split(b"\n", 1)[1]))
    whole = gzipped(text(4))
    put("04_truncated.log.gz", whole[: len(whole) // 2], None)
    broken = bytearray(gzipped(text(5)))
    broken[len(broken) // 2 : len(broken) // 2 + 16] = b"\xff" * 16
    put("05_corrupt.log.gz", bytes(broken), None)
    broken = bytearray(gzipped(text(6)))
    broken[-8] ^= 0xFF
    put("06_bad_crc.log.gz", bytes(broken))
    put("07_empty.log.gz", b"", 0)
    put("08_empty_gz.log.gz", gzipped(b""), 0)
    put("09_header_only.log.gz", gzipped(header + b"\n"), 0)
    put("10_not_gzip.log.gz", text(10))
    put("11_plain.log", text(11))
    put("12_bad_lines.log.gz", gzipped(_with_bad_lines(text(12))), n - 6)
    put("13_crlf.log.gz", gzipped(text(13).replace(b"\n", b"\r\n")))
    put("14_no_last_newline.log.gz", gzipped(text(14)[:-1]))
    two = text(15)
    cut = two.index(b"\n", len(two) // 2) + 1
    put("15_two_members.log.gz", gzipped(two[:cut]) + gzipped(two[cut:]))
    lines = text(16).split(b"\n")
    put("16_header_again.log.gz", gzipped(b"\n".join([*lines[:500], header, *lines[500:]])))
    put("17_garbage_tail.log.gz", gzipped(text(17)) + b"\0" * 512)
    idle = b"2 123456789010 eni-0a - - - - - - - %d %d - NODATA"
    idles = [idle % (_FAULTS_TIME + i, _FAULTS_TIME + i + 60) for i in range(50)]
    put("18_all_nodata.log.gz", gzipped(b"\n".join([header, *idles]) + b"\n"), 50)
    return good


def _with_bad_lines(text: bytes) -> bytes:
    lines = text.split(b"\n")
    tail = b"80 6 1 1 1767225000 1767225001 ACCEPT OK"
    lines[100] = b" ".join(lines[100].split()[:9])
    lines[200] += b" extra fields here"
    lines[300] = b"garbage"
    lines[400] = b"2 123456789010 eni-x 10.0.0.1 10.0.0.2 http " + tail
    lines[500] = b""
    lines[600] = b'2 123456789010 eni-"q 10.0.0.1 10.0.0.2 1 ' + tail
    lines[700] = b"2 123456789010 eni-\xff\xfe 10.0.0.1 10.0.0.2 1 " + tail
    return b"\n".join(lines)


def _one_file(plan: Plan, i: int, n: int) -> dict[str, Any]:
    account = str(123456789010 + 11 * (i % plan.accounts))
    end = int(plan.start.timestamp()) + plan.interval_s * (i // plan.accounts + 1)
    columns = records_of(world(plan.seed), _rng(plan.seed, 1, i), n, end, plan.interval_s)
    path = _path_of(plan, i, end, account)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = gzipped(text_of(columns, plan.names, plan.version, account))
    path.write_bytes(data)
    os.utime(path, (end, end))
    ok = ~columns["_empty"]
    rejected = (columns["action"] == "REJECT") & ok
    pairs = zip(
        columns["srcaddr"][rejected].tolist(), columns["dstaddr"][rejected].tolist(), strict=True
    )
    return {
        "path": str(path.relative_to(plan.out)),
        "records": n,
        "size": len(data),
        "ok": int(ok.sum()),
        "reject": int(rejected.sum()),
        "skipdata": int((columns["log-status"] == "SKIPDATA").sum()),
        "sum_bytes": int(columns["bytes"][ok].sum()),
        "sum_packets": int(columns["packets"][ok].sum()),
        "min_start": int(columns["start"].min()),
        "max_end": int(columns["end"].max()),
        "pairs": collections.Counter(pairs),
    }


def _path_of(plan: Plan, i: int, end: int, account: str) -> Path:
    when = datetime.fromtimestamp(end, UTC)
    flow_log, unique = _hexid("fl-", plan.seed, account), _hexid("", plan.seed, i)[:8]
    name = f"{account}_vpcflowlogs_{_REGION}_{flow_log}_{when:%Y%m%dT%H%MZ}_{unique}.log.gz"
    if plan.is_hive:
        place = f"aws-account-id={account}/aws-service=vpcflowlogs/aws-region={_REGION}"
        day = f"year={when:%Y}/month={when:%m}/day={when:%d}"
        hour = f"hour={when:%H}" if plan.is_hourly else ""
    else:
        place, day = f"{account}/vpcflowlogs/{_REGION}", f"{when:%Y/%m/%d}"
        hour = f"{when:%H}" if plan.is_hourly else ""
    return plan.out / "AWSLogs" / place / day / hour / name


def _rng(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def _hexid(prefix: str, *key: object) -> str:
    return prefix + hashlib.sha256(repr(key).encode()).hexdigest()[:17]


def _zipf(n: int, s: float) -> Array:
    odds = np.cumsum(1.0 / np.power(np.arange(1, n + 1, dtype=np.float64), s))
    return odds / odds[-1]


def _mixed(i: int) -> int:
    return i * 0x9E3779B97F4A7C15 & (2**64 - 1)


def _ipv6(number: int) -> str:
    return str(ipaddress.IPv6Address(number))


def _inside(x: float, host: int) -> str:
    net = f"10.{int(x * 50)}" if x < 0.6 else "172.31" if x < 0.8 else "192.168"
    return f"{net}.{host >> 8}.{host & 255}"


def _public(draws: Array) -> list[str]:
    addresses = []
    for draw in draws:
        number = int(draw * 2**32)
        first = number >> 24
        if first in (0, 10, 100, 127, 169, 172, 192, 198) or first >= 224:
            number = (number & 0xFFFFFF) | ((1 + first % 9) << 24)
        addresses.append(str(ipaddress.IPv4Address(number)))
    return addresses


def main() -> None:
    """Generate by the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=lambda s: int(s.replace("_", "")), default=1_000_000)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--fields", default="v2")
    given = parser.parse_args()
    generate(Plan(given.out, given.records, given.files, given.fields))


if __name__ == "__main__":
    main()
