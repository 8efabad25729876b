"""Who agrees on, carries out and logs the insatser."""

from organisations.models import Role
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds

can_propose_agreement = holds(*EVERY_AGENCY_ROLE)
can_sign_for_organiser = holds(Role.HEAD_OF_AUTHORITY)
can_lead_interventions = holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)
can_log_visit = holds(Role.TEAM_LEADER, Role.EDUCATION_LEADER)
can_amend = holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER)
