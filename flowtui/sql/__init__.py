"""From a question to finished SQL text, through sqlglot. No I/O."""
