"""The one table of permissions: which route is for whom. What is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.access.actor import Actor, Role

OPEN = frozenset({"health", "openapi"})
"""Routes that need no token. They say nothing of people, places or counts."""
OPEN_PAGES = frozenset(
    {
        "accessibility",
        "asset",
        "sign_in",
        "sign_in_return",
        "sign_in_with_token",
        "sign_out",
        "signed_out",
    }
)
"""The same, of the pages."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use a route: anyone with one of the roles; `person_only`: no client system."""

    roles: frozenset[Role]
    person_only: bool = False

    def allows(self, actor: Actor) -> bool:
        """Whether this actor may."""
        return bool(self.roles & actor.roles) and (actor.is_person or not self.person_only)


_LETTERS = {
    "C": Role.COORDINATOR,
    "M": Role.MANAGER,
    "P": Role.PLANNER,
    "A": Role.AUDITOR,
    "D": Role.ADMINISTRATOR,
    "S": Role.SERVICE,
}

# One line for routes with the same readers. A star: only a person may.
_TABLE = {
    # oneself; the estate
    "CMPADS": """me list_premises get_premises list_rooms get_rooms list_beds get_beds""",
    "CMPAS": "list_out_of_service get_out_of_service",
    "DS": """create_premises change_premises remove_premises create_rooms change_rooms
        remove_rooms create_beds change_beds remove_beds""",
    # what coordinators and the systems that feed us keep
    "CMS": """list_separations get_separations create_separations change_separations
        remove_separations list_zones get_zones create_zones change_zones remove_zones
        create_out_of_service change_out_of_service cancel_out_of_service
        list_bookings get_bookings list_referrals get_referrals create_referral change_referral
        record_arrival record_non_arrival record_departure withdraw_recorded""",
    # beds held for people to come, and the forecasts behind it
    "MP*": "create_forecast",
    "CMPA": "list_forecasts get_forecasts forecast_expected list_holds get_holds hold_figures",
    # bids and bookings
    "CM": """search_referrals referral_brief referral_attempts list_escalations list_unowned
        list_flags list_conflicts""",
    "CM*": """set_owner acknowledge_owner withdraw_referral create_booking extend_booking
        transfer_booking cancel_booking decide acknowledge_escalation
        create_hold release_hold extend_hold""",
    "M*": "release_without_bed restrict_referral erase_person",
    "CMA": "referral_timeline",
    "MS": "review_escalations",
    # files
    "CMDS": "import_files",
    "MDS": "export_register",
    # runs and studies
    "CMPS": "start_run",
    "CMPAD": "get_run list_runs get_study",
    "CMP": """watch_run cancel_run run_plan run_certificates run_explanations
        run_explanation run_what_if run_level_up run_advice compare_runs list_proposals
        get_proposal list_studies watch_study study_figures list_study_files get_study_file""",
    "MAD": "replay_run",
    "MPA": "run_disparity",
    "MP": "start_study cancel_study",
    # oversight
    "M": "export_person",
    "MA": "no_bed_record list_erasures list_due_erasures get_erasure decision_report",
    "AS": "list_events",
    "AD": "verify_register metrics",
    "A": "access_log",
}


def _permissions() -> Mapping[str, Permission]:
    table: dict[str, Permission] = {}
    for who, names in _TABLE.items():
        roles = frozenset(_LETTERS[letter] for letter in who.rstrip("*"))
        for name in names.split():
            if name in table or name in OPEN:
                raise ValueError(f"{name} is in the table of permissions twice.")
            table[name] = Permission(roles, person_only=who.endswith("*"))
    return MappingProxyType(table)


PERMISSIONS = _permissions()

# A page is for whoever may use the route of the API that tells, or does, the same.
_PAGES = {
    "me": "page_home page_kept_form page_drop_kept_form",
    "list_escalations": """page_without_bed page_without_bed_file page_escalations
        page_escalations_file""",
    "search_referrals": "page_find_person",
    "referral_brief": "page_bid page_brief",
    "change_referral": "page_risk page_correct_risk",
    "get_bookings": "page_booking",
    "record_arrival": "page_record_arrival",
    "record_non_arrival": "page_record_non_arrival",
    "record_departure": "page_record_departure",
    "withdraw_recorded": "page_withdraw_recorded",
    "cancel_booking": "page_cancel_booking",
    "extend_booking": "page_last_day page_change_last_day",
    "transfer_booking": "page_transfer page_make_transfer page_transfer_beds",
    "acknowledge_escalation": "page_acknowledge_escalation page_acknowledge_several",
    "set_owner": "page_set_owner page_hand_over page_take_several",
    "acknowledge_owner": "page_acknowledge_owner",
    "withdraw_referral": "page_withdraw",
    "release_without_bed": "page_release_without_bed",
    "list_runs": "page_runs",
    "start_run": "page_start_run",
    "get_run": "page_run",
    "watch_run": "page_watch_run",
    "cancel_run": "page_cancel_run",
    "compare_runs": "page_compare_runs page_compare_file",
    "list_proposals": "page_proposals",
    "get_proposal": "page_proposal",
    "decide": """page_decide page_choose_bed page_accept_several page_confirm_several
        page_lift_ruled_out""",
    "run_plan": "page_premises_list page_week page_week_file page_premises page_day",
    "list_holds": "page_oversight page_holds",
    "get_holds": "page_hold",
    "create_hold": "page_new_hold page_create_hold page_accept_hold",
    "release_hold": "page_release_hold",
    "extend_hold": "page_extend_hold",
    "run_advice": "page_advice",
    "list_forecasts": "page_forecast",
    "forecast_expected": "page_expected",
    "create_forecast": "page_put_forecast",
    "run_explanations": "page_capacity page_unmet page_unmet_file",
    "run_certificates": "page_worth page_worth_file",
    "list_studies": "page_studies",
    "study_figures": "page_study",
    "start_study": "page_new_study page_start_study",
    "cancel_study": "page_cancel_study",
    "get_study_file": "page_study_file page_study_sizes_file",
    "list_unowned": "page_unowned",
    "decision_report": "page_decision_report page_decision_report_file",
    # Proposals one by one with who decided each: of people, and of staff by name.
    "export_person": "page_decided page_decided_file",
    "run_disparity": "page_disparity page_disparity_file",
    "access_log": "page_accesses page_accesses_file page_access",
    "list_events": "page_register_timeline page_person_timeline page_timeline_file",
    "verify_register": "page_verification page_start_verification",
    "replay_run": "page_audit page_replays page_replay page_replayed",
    "import_files": "page_files page_import_files page_template",
}
PAGES: Mapping[str, str] = MappingProxyType(
    {name: route for route, names in _PAGES.items() for name in names.split()}
)
"""By the name of a page, the route whose permission it has."""


def permission_of(route_name: str) -> Permission | None:
    """The permission of a route or a page; None: it is nobody's."""
    return PERMISSIONS.get(PAGES.get(route_name, route_name))
