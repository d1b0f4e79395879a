"""Flow logs in S3 without a table: fetched once, answered by the embedded engine."""
