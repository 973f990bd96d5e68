"""The registers of the city's departments, each from a random stream of its own."""
