"""Columns and CSR views that algorithms read; refreshed by changed_seq."""
