"""The registry of the program's own tables, in schema `gis`. Each room declares its tables on it.

The layers' tables are not here: they stand in schema `infra`, with the versions their rows had in schema `history`, and
are made from the catalogue.
"""

from sqlalchemy import MetaData

SYSTEM_SCHEMA = "gis"
LAYER_SCHEMA = "infra"
HISTORY_SCHEMA = "history"

SYSTEM = MetaData(
    schema=SYSTEM_SCHEMA,
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)
