"""Mutations by topic; ``Mutation`` inherits them."""
