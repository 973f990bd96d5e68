"""Detection on sets that others made: one file a format, each row beside its simple baselines."""
