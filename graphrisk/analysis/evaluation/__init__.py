"""Detection judged against what a synthetic city planted. Nothing else reads a ``truth/``."""
