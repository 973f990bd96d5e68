"""API keys (S8): how an application signs on without an issuer. Pure; rows lie behind a port."""
