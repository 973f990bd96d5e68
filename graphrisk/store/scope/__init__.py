"""Reads cut to areas, on every engine alike: where nodes lie, and a reader that looks first."""
