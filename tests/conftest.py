"""Fixtures shared by all tests."""

pytest_plugins = ["tests.engines", "tests.postgres", "tests.servers"]
