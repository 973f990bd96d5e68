"""``python -m graphrisk.cli``: how one process of the service starts another."""

from graphrisk.cli.app import main

main()
