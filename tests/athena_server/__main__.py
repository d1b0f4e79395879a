"""`python -m tests.athena_server --demo`: the server by hand, with the demo behind its tables."""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
from pathlib import Path

from tests.athena_server.demo import make_demo
from tests.athena_server.demo_tables import LAKE_DATABASE, LAYOUTS
from tests.athena_server.server import RESULTS, AthenaServer


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.athena_server", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load the demo in every layout")
    parser.add_argument("--port", type=int, default=0, help="port; any free one by default")
    parser.add_argument("--region", default="eu-west-1", help="region that it plays")
    options = parser.parse_args()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with AthenaServer(options.region, port=options.port) as server:
        if options.demo:
            with tempfile.TemporaryDirectory() as directory:
                make_demo(Path(directory) / "demo").load(server)
        for name, value in server.environment().items():
            print(f"export {name}={value}")
        for table in LAYOUTS if options.demo else ():
            print(f"# flowtui athena://default.{table} --output-location {RESULTS}")
        if options.demo:
            print(f"# Security Lake: database {LAKE_DATABASE}", flush=True)
        try:
            stopped.wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
