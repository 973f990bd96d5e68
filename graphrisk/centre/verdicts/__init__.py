"""S7 结论: verdicts. In: what a closed case found; out: labels, and facts of the graph."""
