"""S7 期限督办: deadlines. In: what has to be done by when; out: escalations up the levels."""
