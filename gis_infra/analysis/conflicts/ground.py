"""What the statements of an analysis are built upon."""

from dataclasses import dataclass

from gis_infra.analysis.rules.model import RuleBook
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables


@dataclass(frozen=True)
class Ground:
    """What the statements are built upon."""

    book: RuleBook
    catalogue: Catalogue
    tables: LayerTables
