"""Where statements run; the only place for boto3, pyathena, duckdb and pyarrow."""
