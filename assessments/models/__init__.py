from assessments.models.capacity import (
    CapacityMapping,
    Dimension,
    DimensionRating,
    Level,
    MappingState,
    Round,
)
from assessments.models.government import CHECKS, DataCheck, GovernmentReport

__all__ = [
    "CHECKS",
    "CapacityMapping",
    "DataCheck",
    "Dimension",
    "DimensionRating",
    "GovernmentReport",
    "Level",
    "MappingState",
    "Round",
]
