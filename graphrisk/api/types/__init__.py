"""GraphQL types: translations of what analysis says, one concept a file."""
