"""Webhooks: what happens, posted to addresses that applications name, signed, at least once."""
