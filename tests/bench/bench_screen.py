"""How fast the screen is, against the least that a Textual application can be.

    python -m tests.bench.bench_screen [--rounds 5]

Every round runs every program once, so that a busy machine slows all alike; what counts is the
ratios. Data of the demo is written and converted before; the big result is made of the demo's
records by a query of a million rows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.ptyprobe import Probe

SIZE: Final = (120, 40)
STEPS: Final = ("down",) * 30 + ("up",) * 10 + ("pagedown",) * 10
"""Keys whose way to the screen is timed."""
MINIMAL: Final = (sys.executable, str(Path(__file__).with_name("minimal_app.py")))
ROWS_SQL: Final = """-- title = "Bench {rows}"
SELECT f.srcaddr, f.dstaddr, f.srcport, f.dstport, f.protocol, f.packets, f.bytes, f.start, f.action
FROM flows f CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8)) AS copies(n)
LIMIT {rows}
"""


@dataclass
class Runner:
    """One program, and what was measured of it."""

    name: str
    argv: Sequence[str]
    painted: str
    """What stands on its first frame."""
    filled: str
    """What stands there when its table has rows; empty: keys are not timed."""
    paints_s: list[float] = field(default_factory=list)
    fills_s: list[float] = field(default_factory=list)
    keys_s: list[float] = field(default_factory=list)
    peaks_mib: list[float] = field(default_factory=list)

    def run(self, env: dict[str, str]) -> None:
        """One round."""
        with Probe(self.argv, *SIZE, env=env) as probe:
            self.paints_s.append(probe.wait_for(self.painted, timeout=60))
            if self.filled:
                self.fills_s.append(probe.wait_for(self.filled, timeout=120))
                probe.settle(0.5)
                self._press_keys(probe)
            self.peaks_mib.append(probe.peak_rss_mib())

    def _press_keys(self, probe: Probe) -> None:
        for key in STEPS:
            delay = probe.press(key)
            if delay is not None:
                self.keys_s.append(delay)
            probe.settle(0.03)

    @property
    def key_p95_s(self) -> float:
        """The time that 95 of 100 keys need at most."""
        return statistics.quantiles(self.keys_s, n=20)[-1]


def programs() -> dict[str, Runner]:
    """What is measured, by a short name."""
    flowtui = shutil.which("flowtui") or "flowtui"
    opened = (flowtui, "open", "demo", "--query")
    cell = r"▸ +[0-9a-f.:]+ "
    runners = {
        "minimal": Runner("minimal app, 100 rows", (*MINIMAL, "100"), "10.0.0.9 ", "10.0.0.9 "),
        "demo": Runner("flowtui demo", (flowtui, "demo"), "flowtui", ""),
        "small": Runner("flowtui, 100 rows", (*opened, "bench-100"), "flowtui", cell),
        "large": Runner("flowtui, 1,000,000 rows", (*opened, "bench-1000000"), "flowtui", cell),
    }
    if harlequin := shutil.which("harlequin"):
        runners["harlequin"] = Runner("harlequin", (harlequin,), "Query Editor", "")
    return runners


def prepare(home: Path) -> dict[str, str]:
    """An environment of its own, in which the demo is written and the two queries are saved."""
    env = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    queries = home / "config" / "flowtui" / "queries"
    queries.mkdir(parents=True)
    for rows in (100, 1_000_000):
        (queries / f"bench-{rows}.sql").write_text(ROWS_SQL.format(rows=rows))
    os.environ.update(env)
    with Probe(("flowtui", "query", "top-rejected-pairs", "demo"), *SIZE, env=env) as probe:
        while probe.process.isalive():
            probe.pump(0.1)
    return env


def report(runners: dict[str, Runner]) -> None:
    """Figures, then ratios beside their targets."""
    for runner in runners.values():
        line = f"{runner.name:26} first paint {statistics.median(runner.paints_s) * 1e3:5.0f} ms"
        if runner.keys_s:
            line += (
                f"  rows after {statistics.median(runner.fills_s) * 1e3:6.0f} ms"
                f"  key p50 {statistics.median(runner.keys_s) * 1e3:5.1f} ms"
                f"  p95 {runner.key_p95_s * 1e3:5.1f} ms (n {len(runner.keys_s)})"
            )
        print(f"{line}  peak {statistics.median(runner.peaks_mib):4.0f} MiB")
    minimal, demo = runners["minimal"], runners["demo"]
    small, large = runners["small"], runners["large"]

    def paint(runner: Runner) -> float:
        return statistics.median(runner.paints_s)

    print()
    print(f"first paint / minimal       {paint(demo) / paint(minimal):.2f}  (at most 1.6)")
    if "harlequin" in runners:
        ratio = paint(demo) / paint(runners["harlequin"])
        print(f"first paint / harlequin     {ratio:.2f}  (under 0.6)")
    print(f"key p95, 100 rows           {small.key_p95_s / minimal.key_p95_s:.2f}  (at most 1.3)")
    print(f"key p95, 1,000,000 rows     {large.key_p95_s / minimal.key_p95_s:.2f}  (at most 1.3)")
    print(f"memory, 1,000,000 rows      {max(large.peaks_mib):.0f} MiB  (under 250)")


def main() -> None:
    """Prepare, measure in interleaved rounds, report."""
    parser = argparse.ArgumentParser(description="Measure the screen against a minimal app.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        env = prepare(Path(home))
        runners = programs()
        for _ in range(rounds):
            for runner in runners.values():
                runner.run(env)
        report(runners)


if __name__ == "__main__":
    main()
