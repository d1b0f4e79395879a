"""Rows from Athena: ours against pyathena's default cursor, over the same server, in one run.

    python -m tests.bench.bench_athena [--rows 1000000] [--rounds 3]

The server runs in a process of its own. Loopback has no latency: on AWS every page of
GetQueryResults costs a round trip, so the real ratios are smaller. The default cursor is timed on
100,000 rows; for more its time is extrapolated by rows.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_CURSOR_ROWS = 100_000
_SQL = (
    "SELECT n, '10.0.' || CAST(n % 256 AS varchar) || '.7' AS srcaddr, '203.0.113.9' AS dstaddr, "
    "n % 65536 AS srcport, 443 AS dstport, 6 AS protocol, n * 7 % 1000 AS packets, "
    'n * 977 % 100000 AS bytes, 1795521600 + n % 3600 AS start, 1795521660 + n % 3600 AS "end", '
    "'ACCEPT' AS action, 'OK' AS log_status FROM UNNEST(sequence(1, {})) AS t (n) "
    "CROSS JOIN UNNEST(sequence(1, {})) AS u (m)"
)


def _sql(rows: int) -> str:
    # Athena's sequence() holds 50,000 values at most.
    return _SQL.format(min(rows, 50_000), max(1, rows // 50_000))


def _serve() -> None:
    from tests.athena_server import AthenaServer

    with AthenaServer() as server:
        for name, value in server.environment().items():
            print(f"{name}={value}", flush=True)
        print("READY", flush=True)
        sys.stdin.read()


def _started() -> tuple[subprocess.Popen[str], dict[str, str]]:
    command = [sys.executable, "-m", "tests.bench.bench_athena", "--serve"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    environment: dict[str, str] = {}
    for line in process.stdout:
        if line.strip() == "READY":
            break
        name, _, value = line.strip().partition("=")
        environment[name] = value
    return process, environment


def _cursor_s() -> float:
    """Seconds of pyathena's default cursor from SUCCEEDED to all 100,000 rows."""
    import pyathena

    connection: Any = pyathena.connect(s3_staging_dir="s3://results/", poll_interval=0.05)
    cursor = connection.cursor()
    cursor.execute(_sql(_CURSOR_ROWS))
    began = time.perf_counter()
    assert len(cursor.fetchall()) == _CURSOR_ROWS
    return time.perf_counter() - began


def _ours_s(rows: int, place: Path) -> tuple[float, float]:
    """Seconds from SUCCEEDED to the first page, and to all rows sorted by a column."""
    from flowtui.domain.executions import QueryState, Refinement, SortKey, Statement
    from flowtui.engines.athena.address import TableAddress
    from flowtui.engines.athena.clients import AwsSettings
    from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions

    options = AthenaOptions(output_location="s3://results/", reuse_minutes=0)
    engine = AthenaEngine(
        TableAddress("default", "none"), AwsSettings(), results_root=place, options=options
    )
    id = engine.submit(Statement(_sql(rows)))
    while (execution := engine.wait(id, 0.01)).state is not QueryState.SUCCEEDED:
        assert not execution.state.is_terminal, execution.reason
    began = time.perf_counter()
    while not engine.wait(id, 0.01).rows_ready:
        pass
    assert engine.results(id).page(0, 100).rows
    first = time.perf_counter() - began
    while not engine.poll(id).is_complete:
        engine.wait(id, 0.05)
    assert engine.results(id).page(0, 100, Refinement(order=(SortKey("bytes"),))).total_rows == rows
    whole = time.perf_counter() - began
    engine.close()
    return first, whole


def main() -> None:
    """Print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.serve:
        _serve()
        return
    process, environment = _started()
    os.environ.update(environment)
    try:
        _compare(options.rows, options.rounds)
    finally:
        process.communicate("")


def _compare(rows: int, rounds: int) -> None:
    cursor, first, whole = [], [], []
    with tempfile.TemporaryDirectory() as place:
        for _ in range(rounds):
            first.append(_ours_s(_CURSOR_ROWS, Path(place))[0])
            whole.append(_ours_s(rows, Path(place))[1])
        ours_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cursor = [_cursor_s() for _ in range(rounds)]
    base = statistics.median(cursor)
    extrapolated = base * rows / _CURSOR_ROWS
    early, late = statistics.median(first), statistics.median(whole)
    print(f"pyathena Cursor, {_CURSOR_ROWS:,} rows        {base:8.2f} s   1.00")
    print(f"first page of {_CURSOR_ROWS:,} rows          {early:8.2f} s   {early / base:.3f}")
    print(f"{rows:,} rows, sorted              {late:8.2f} s   {late / extrapolated:.3f} "
          f"of {extrapolated:.1f} s extrapolated")  # fmt: skip
    print(f"peak memory of this process          {ours_mib:8.0f} MiB")


if __name__ == "__main__":
    main()
