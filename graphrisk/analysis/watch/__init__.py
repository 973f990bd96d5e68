"""Watch lists: tell somebody when a number, account, person or platform appears or changes.

Input: keys that somebody watches, and the graph's changes since the last look. Output: hits, each
once, and events ``watch.hit`` from which notices are made.
"""
