"""The synthetic city: departments' deliveries with planted rings, and the truth apart."""
