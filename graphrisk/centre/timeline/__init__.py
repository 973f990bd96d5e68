"""S7 办理记录: what was done, by whom, why and when. In: steps; out: a timeline."""
