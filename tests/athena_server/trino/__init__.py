"""What Athena's engine accepts: its grammar, its functions, its names and types.

Written from Trino's documentation, for no package that pip installs parses Trino as strictly as
Athena does: sqlglot and polyglot-sql accept an unquoted `end`, sqlfluff misses a third of the
syntax errors. Nothing of flowtui is used here, so that the two can disagree.
"""
