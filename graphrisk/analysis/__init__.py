"""Runs, findings, scores and their reasons, from a snapshot to the operations store."""
