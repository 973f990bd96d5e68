"""How risk is seen: pure functions on arrays."""
