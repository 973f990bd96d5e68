"""Principals and their grants (S8): who may do what until when, where a deployment keeps it."""
