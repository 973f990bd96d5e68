"""Pure vocabulary and machinery: errors, ids, clock, money, keys. Imports nothing of the service."""
