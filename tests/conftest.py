"""Fixtures shared by all tests."""

from hypothesis import settings

pytest_plugins = ["tests.servers", "tests.engines", "tests.postgres"]
# How long an example takes says something of the machine, and of what is compiled for the first.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
