"""Scheduled runs, clocks and delivery."""
