"""S7 团伙变化: cases hear what became of their rings. In: lineage of a run; out: steps."""
