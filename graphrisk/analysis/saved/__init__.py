"""Saved queries: ask again what somebody asked, and tell him what is new.

Input: named queries of their owners (a search, findings of a kind, events of a kind), asked again
with the owner's rights of that moment. Output: news, each once, and events ``query.news``.
"""
