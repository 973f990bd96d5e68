"""Append-only logs that anybody can check: RFC 9162 hashing, C2SP tiles, signed checkpoints."""
