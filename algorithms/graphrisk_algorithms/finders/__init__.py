"""Typologies, one file each: from the graph to candidates with roles, clues and evidence."""
