"""Analysts' door, for notebooks: the graph as columns of networkx, igraph and pandas; findings as
pictures. In: a store, a principal, a purpose; out: what he may see, and a record that he saw it.
"""
