"""The pages of the trail, the register, of data about people, and of what is kept how long."""

from records.views.people import (
    my_data,
    my_data_file,
    my_name,
    people,
    person,
    person_file,
    protect_person,
    pseudonymise_person,
)
from records.views.register import (
    archive,
    papers,
    register_file,
    register_list,
    register_paper,
    registers,
)
from records.views.retention import hold, retention, thin_out
from records.views.trail import readings

__all__ = [
    "archive",
    "hold",
    "my_data",
    "my_data_file",
    "my_name",
    "papers",
    "people",
    "person",
    "person_file",
    "protect_person",
    "pseudonymise_person",
    "readings",
    "register_file",
    "register_list",
    "register_paper",
    "registers",
    "retention",
    "thin_out",
]
