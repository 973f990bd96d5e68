"""S7 处置措施: severe measures. In: a proposal; out: a decision of another person."""
