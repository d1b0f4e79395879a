"""The saved queries that ship, and reading and writing such files."""
