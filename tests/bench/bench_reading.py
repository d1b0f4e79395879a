"""What reading and converting flow logs costs, as a ratio to plain DuckDB in the same round.

    python -m tests.bench.bench_reading /tmp/bench/v2 --fields v2 --records 10_000_000 --rounds 5

The base is DuckDB's `read_csv` with explicit columns over the same `.log.gz` files, answering the
top rejected pairs. Ratios are medians of the ratios of each round; machines differ, ratios hold
(not on a machine that does other work: the ratios of processor time then say more). Each figure is
measured in a process of its own, so that memory is its own, too. The data are generated if the
directory is not there yet.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flowtui.engines.local.columns import arrow_type
from flowtui.engines.local.files import FlowLogFiles

_SQL_TYPES = {"int32": "INTEGER", "int64": "BIGINT", "string": "VARCHAR"}
_PAIRS = (
    "SELECT srcaddr, dstaddr, count(*) FROM {} WHERE action = 'REJECT'"
    " GROUP BY ALL ORDER BY 3 DESC LIMIT 10"
)
_NEEDED = ("srcaddr", "dstaddr", "action")


def plain_duckdb(source: str) -> None:
    """The base: the question answered by DuckDB alone, straight from the text."""
    import duckdb

    manifest = json.loads(Path(source, "manifest.json").read_text())
    paths = [str(Path(source, file["path"])) for file in manifest["files"]]
    columns = {
        name: _SQL_TYPES[str(arrow_type(name.replace("-", "_")))] for name in manifest["fields"]
    }
    reader = (
        f"read_csv({paths!r}, delim=' ', header=true, quote='', escape='', auto_detect=false,"
        f" nullstr='-', columns={columns!r})"
    )
    with duckdb.connect() as db:
        db.execute("SET threads = 2")
        db.execute(_PAIRS.format(reader)).fetchall()


def reading(source: str) -> None:
    """The columns of that question, of every file, as Arrow tables by two threads."""
    files = FlowLogFiles(source, cache_root=None)
    files.open()
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda file: sum(t.num_rows for t in files.read_tables(file, _NEEDED)),
                files.inputs(None).raw,
            )
        )


def converting(source: str) -> None:
    """All columns of every file into an empty cache."""
    with tempfile.TemporaryDirectory(dir=Path(source).parent) as cache:
        files = FlowLogFiles(source, cache_root=Path(cache))
        files.open()
        files.convert(threading.Event(), lambda progress: None)
        files.close()


def asking_again(source: str) -> None:
    """The question, from a warm cache, opening included."""
    import duckdb

    files = FlowLogFiles(source, cache_root=_warm_cache(source))
    files.open()
    paths = [str(path) for path in files.inputs(None).parquet]
    with duckdb.connect() as db:
        db.execute("SET threads = 2")
        db.execute(_PAIRS.format(f"read_parquet({paths!r})")).fetchall()
    files.close()


_WORK: dict[str, Callable[[str], None]] = {
    work.__name__: work for work in (plain_duckdb, reading, converting, asking_again)
}


def measure(name: str, source: str) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor time, and the most memory in MiB."""
    code = (sys.executable, "-m", "tests.bench.bench_reading", source, "--only", name)
    wall, cpu, memory = subprocess.run(
        code, check=True, capture_output=True, text=True
    ).stdout.split()
    return float(wall), float(cpu), float(memory)


def _warm_cache(source: str) -> Path:
    return Path(f"{source.rstrip('/')}.cache")


def _only(name: str, source: str) -> None:
    began, began_cpu = time.perf_counter(), time.process_time()
    _WORK[name](source)
    print(time.perf_counter() - began, time.process_time() - began_cpu, _most_memory())


def _most_memory() -> float:
    """MiB held at most by this program; `ru_maxrss` would count the one that started it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rounds(source: str, rounds: int) -> None:
    cache = FlowLogFiles(source, cache_root=_warm_cache(source))
    cache.open()
    cache.convert(threading.Event(), lambda progress: None)
    cache.close()
    measured = [{name: measure(name, source) for name in _WORK} for _ in range(rounds)]
    print(f"{'':14}{'seconds':>9}{'ratio':>8}{'cpu ratio':>11}{'MiB':>7}")
    for name in _WORK:
        seconds = statistics.median(each[name][0] for each in measured)
        ratios = [
            statistics.median(each[name][at] / each["plain_duckdb"][at] for each in measured)
            for at in (0, 1)
        ]
        memory = max(each[name][2] for each in measured)
        print(f"{name:14}{seconds:9.2f}{ratios[0]:8.2f}{ratios[1]:11.2f}{memory:7.0f}")
    shutil.rmtree(_warm_cache(source))


def main() -> None:
    """Generate where needed, measure, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("--fields", default="v2")
    parser.add_argument(
        "--records", type=lambda text: int(text.replace("_", "")), default=1_000_000
    )
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=sorted(_WORK), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        _only(given.only, given.source)
        return
    if not Path(given.source).exists():
        # Not before: numpy would count as memory of what is measured.
        from tests.bench.generate import Plan, generate

        generate(Plan(Path(given.source), given.records, given.files, given.fields))
    _rounds(given.source, given.rounds)


if __name__ == "__main__":
    main()
