"""GraphQL and REST doors: translation only, no logic."""
