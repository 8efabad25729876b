from cases.actions.bulk import AlreadyThere, make_load
from cases.actions.case_files import CaseFilesRefused, is_empty, load_cases, load_demo

__all__ = [
    "AlreadyThere",
    "CaseFilesRefused",
    "is_empty",
    "load_cases",
    "load_demo",
    "make_load",
]
