"""S7 任务派发: tasks. In: work to be done in an area; out: who did it, with proof, verified."""
