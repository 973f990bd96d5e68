"""Backup and restore of a deployment: what lies in it, and whether it is whole."""
