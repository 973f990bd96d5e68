"""Keeping no longer than needed (保存期限): rows that have run out in, fewer of them out."""
