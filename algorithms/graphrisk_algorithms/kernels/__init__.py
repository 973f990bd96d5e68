"""Compiled graph algorithms on one CSR: communities, components, measures, flows, blocks."""
