"""From delivered files to facts in the store: batches, identities of rows, rejects."""
