"""The words of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml


def texts() -> dict[str, Any]:
    """Texts by name, from ``texts.yaml``."""
    text = (Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))
