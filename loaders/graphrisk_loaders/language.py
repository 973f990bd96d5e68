"""The words of the mapping language: its keys, by place, and its conversions."""

from __future__ import annotations

from graphrisk_schema.model import PropertyType

#: All keys of the language, by place; docs/loading.md explains each.
KEYS = {
    "mapping": (
        *("name", "doc", "files", "format", "sheet", "encoding", "delimiter", "mode", "time_zone"),
        *("id", "aliases", "nodes", "edges", "calls"),
        *("owner", "every", "reliability"),
    ),
    "owner": ("zh", "en"),
    "node": (
        *("kind", "name", "key", "as", "prefix", "properties", "position"),
        *("optional", "valid_from", "valid_to"),
    ),
    "edge": ("kind", "name", "from", "to", "properties", "optional", "valid_from", "valid_to"),
    "position": ("lon", "lat", "crs"),
    "calls": ("kind", "from", "to", "at", "seconds"),
    "end": ("kind", "key", "as", "prefix"),
    "column": ("column", "as", "format", "start", "values", "crs", "constant"),
}
#: Types of properties that each conversion gives.
CONVERSIONS = {
    "text": (PropertyType.TEXT,),
    "int": (PropertyType.INT, PropertyType.MONEY),
    "float": (PropertyType.FLOAT,),
    "bool": (PropertyType.BOOL,),
    "yuan": (PropertyType.MONEY,),
    "time": (PropertyType.TIME,),
    "epoch_ms": (PropertyType.TIME,),
    "days_after": (PropertyType.TIME,),
    "map": (PropertyType.TEXT,),
    "boundary": (PropertyType.TEXT,),
    "credit_code": (PropertyType.TEXT,),
    "identity": (PropertyType.TOKEN,),
}
#: Conversions of columns that name nodes.
KEY_CONVERSIONS = ("text", "credit_code", "area_code")
#: What an identity number becomes: properties named after it.
IDENTITY_PARTS = ("token", "halves", "cipher")
#: Keys that only one conversion knows.
OWN_KEYS = {"format": "time", "start": "days_after", "values": "map", "crs": "boundary"}
