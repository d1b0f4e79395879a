"""The embedded engine: DuckDB over flow log files."""
