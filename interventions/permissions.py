"""Who agrees on, carries out and logs the insatser."""

from organisations.models import Role
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds

can_propose_agreement = holds(*EVERY_AGENCY_ROLE)
can_sign_for_organiser = holds(Role.HEAD_OF_AUTHORITY)
can_lead_interventions = holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)
can_log_visit = holds(Role.TEAM_LEADER, Role.EDUCATION_LEADER)
can_amend = holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER)
# What an insats serves is no part of the contract: whoever leads or agrees on it may say so.
can_link = holds(*EVERY_AGENCY_ROLE, Role.TEAM_LEADER, Role.UNIVERSITY_LEAD, Role.HEAD_OF_AUTHORITY)
can_answer_assignment = holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)
can_revise_assignment = holds(*can_propose_agreement.roles, *can_answer_assignment.roles)
can_report_task = holds(
    Role.PROCESS_LEADER, Role.PRINCIPAL, Role.COORDINATOR, Role.HEAD_OF_AUTHORITY
)
