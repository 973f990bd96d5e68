"""Queries by topic; ``Query`` inherits them."""
