"""The command line: arguments in, data on stdout, talk on stderr.

Nothing heavy is imported before a command runs, and the screen only by the commands that open it.
"""

from flowtui.cli import commands, upkeep
from flowtui.cli.group import cli

__all__ = ["cli", "commands", "upkeep"]
