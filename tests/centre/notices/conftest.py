"""An office on each engine of the operations database."""

from __future__ import annotations

from tests.centre.fresh import migrated_file, migrated_template, office

__all__ = ["migrated_file", "migrated_template", "office"]
