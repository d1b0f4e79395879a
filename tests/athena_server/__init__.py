"""An Amazon Athena that runs the SQL: moto's HTTP server with DuckDB behind its Athena."""

from tests.athena_server.server import AthenaServer, Fault

__all__ = ["AthenaServer", "Fault"]
