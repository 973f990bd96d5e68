"""Pure vocabulary and machinery: errors, ids, clock, money, keys. Imports no other part."""
