"""graphrisk: a graph-based risk intelligence service for a city."""
