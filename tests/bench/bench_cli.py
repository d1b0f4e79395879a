"""How fast the program starts and answers as a whole process.

    python -m tests.bench.bench_cli [DIRECTORY] [--rounds N]

Start-up is held against `python -c 'import click'`. With DIRECTORY (logs by `gen_flowlogs.py`) a
question by `flowtui query` is held against plain DuckDB over the same files: from the files, and
from the cache, which is filled first. Figures are medians of ratios within a round.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_query import QUESTION, columns_of

DUCKDB = """
import duckdb, sys
files, columns, question = sys.argv[1:]
table = (
    f"read_csv('{files}', delim=' ', header=true, nullstr='-', auto_detect=false, "
    f"columns={columns})"
)
print(duckdb.sql(question.replace("{table}", table)).fetchall())
"""
FLOWTUI = [sys.executable, "-m", "flowtui"]


def seconds(command: list[str], env: dict[str, str] | None = None) -> float:
    """Wall time of a process, start to end."""
    began = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def compare(name: str, rounds: int, base: Callable[[], float], ours: Callable[[], float]) -> None:
    """Run both in turn and print times and the ratio."""
    pairs = [(base(), ours()) for _ in range(rounds)]
    ratio = statistics.median(own / other for other, own in pairs)
    other, own = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{name}: {own:.3f} s against {other:.3f} s, ratio {ratio:.3f}")


def compare_queries(directory: Path, rounds: int) -> None:
    """A question by the program and by plain DuckDB."""
    files = str(directory / "**" / "*.log.gz")
    plain = [sys.executable, "-c", DUCKDB, files, columns_of(directory), QUESTION]
    with tempfile.TemporaryDirectory() as root:
        sql = Path(root, "question.sql")
        sql.write_text(QUESTION.format(table="vpc_flow_logs"))
        env = os.environ | {f"XDG_{name}_HOME": root for name in ("CACHE", "STATE", "CONFIG")}
        ask = [*FLOWTUI, "query", str(sql), str(directory)]

        def base() -> float:
            return seconds(plain)

        compare("files never seen", rounds, base, lambda: seconds([*ask, "--no-cache"], env))
        seconds([*FLOWTUI, "cache", "build", str(directory)], env)
        compare("from the cache", rounds, base, lambda: seconds(ask, env))


def main() -> None:
    """Compare start-up, and questions where there are logs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    click = [sys.executable, "-c", "import click"]
    start = [*FLOWTUI, "--help"]
    compare("flowtui --help", given.rounds * 5, lambda: seconds(click), lambda: seconds(start))
    if given.directory:
        compare_queries(given.directory, given.rounds)


if __name__ == "__main__":
    main()
