"""How fast the service is: one module a topic, each measuring lines of ``goals``."""
