"""Readers: files in, blocks of columns out, with the line of every row."""
