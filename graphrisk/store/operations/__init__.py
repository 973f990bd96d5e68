"""Transactional rows: runs, findings, outbox, jobs, leases (SQLAlchemy)."""
