"""Feeds: what brings deliveries in by itself: a watched folder, an HTTP service, a query."""
