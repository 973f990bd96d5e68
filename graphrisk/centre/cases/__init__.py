"""S7 案件: cases. In: findings and matters; out: numbered work with a holder, and verdicts."""
