"""S7 一网一平台一中心: one centre. In: findings and matters; out: cases, tasks, notices."""
