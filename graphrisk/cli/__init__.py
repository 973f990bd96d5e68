"""The command line: one thin command for each main job; `graphrisk --help` lists them.

Nothing heavy is imported here: each command imports what it needs when it runs.
"""

from graphrisk.cli.app import main

__all__ = ["main"]
