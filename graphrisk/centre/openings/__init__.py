"""Openings (S8): for a time somebody sees what lies outside his areas, granted or in emergency."""
