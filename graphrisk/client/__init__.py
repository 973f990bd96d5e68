"""Typed Python client of the service."""
