"""Rules: what is said of single events (calls, transfers, posts) as they happen.

Input: events and, of the graph, what a snapshot knows of the parties. Output: hits with points,
reasons and evidence, each a warning or, where the ladder allows it, an action.
"""
