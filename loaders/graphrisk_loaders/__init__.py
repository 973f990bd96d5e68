"""Where facts come from: one mapping a source, readers, the synthetic city."""
