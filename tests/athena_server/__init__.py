"""An Amazon Athena that runs the SQL: moto's HTTP server with DuckDB behind its Athena."""

from tests.athena_server.executions import Execution
from tests.athena_server.faults import Fault
from tests.athena_server.front import Call
from tests.athena_server.server import ACCOUNT, RESULTS, AthenaServer

__all__ = ["ACCOUNT", "RESULTS", "AthenaServer", "Call", "Execution", "Fault"]
