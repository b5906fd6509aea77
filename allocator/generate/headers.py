"""Columns of the files: the ministry's layouts in its own spelling, and our own columns after them.

In the placements report two names occur twice: the placement's own dates, then the request's.
"""

from __future__ import annotations


def _columns(text: str) -> tuple[str, ...]:
    return tuple("".join(text.split()).split(","))


PREMISES = _columns("""
    name,addressLine1,addressLine2,town,postcode,latitude,longitude,notes,emailAddress,
    probationRegion,localAuthorityArea,characteristics,isIAP,isPIPE,isESAP,
    isSemiSpecialistMentalHealth,isRecoveryFocussed,isSuitableForVulnerable,acceptsSexOffenders,
    acceptsChildSexOffenders,acceptsNonSexualChildOffenders,acceptsHateCrimeOffenders,isCatered,
    hasWideStepFreeAccess,hasWideAccessToCommunalAreas,hasStepFreeAccessToCommunalAreas,
    hasWheelChairAccessibleBathrooms,hasLift,hasTactileFlooring,hasBrailleSignage,hasHearingLoop,
    status,apCode,qCode,gender,supportsSpaceBookings,managerDetails,fullAddress,
    isMHAPElliottHouse,isMHAPStJosephs,cruManagementAreaName,
    arrivalsPerDay,allowNewSpaceBookings,mixCaps,synthetic
""")

ROOMS = _columns("""
    apCode,bedCode,roomNumber,bedCount,isSingle,isGroundFloor,isFullyFm,hasCrib7Bedding,
    hasSmokeDetector,isTopFloorVulnerable,isGroundFloorNrOffice,hasNearbySprinkler,
    isArsonSuitable,isArsonDesignated,hasArsonInsuranceConditions,isSuitedForSexOffenders,
    hasEnSuite,isWheelchairAccessible,hasWideDoor,hasStepFreeAccess,hasFixedMobilityAids,
    hasTurningSpace,hasCallForAssistance,isWheelchairDesignated,isStepFreeDesignated,notes,
    bedStart,bedEnd,synthetic
""")

OUT_OF_SERVICE = _columns("""
    premisesId,bedId,startDate,endDate,reasonId,isCancelled,referenceNumber,notes,
    cancellationNotes
""")

RELEASE_LIST = _columns("""
    referral_id,crn,gender,release_date,latest_arrival,nights,ap_type,tier,rosh,mappa,
    exceptional_case,outcode,aimed_radius_miles,consented_radius_miles,essential_criteria,
    desirable_criteria,sexual_offence_adult,sexual_offence_child,non_sexual_offence_child,
    hate_offence,arson_offence,restriction_codes,licence_expiry,share_suitable,
    share_valid_until,preferred_premises,failed_attempts,age,ethnicity,religion,disability,
    synthetic
""")

RELEASE_HISTORY = (
    *RELEASE_LIST[:-1],
    *("referred_on", "outcome", "arrived_on", "departed_on", "withdrawn_on"),
    *("changed_on", "changed_release", "synthetic"),
)

_PLACEMENT = """
    placement_id,premises_name,premises_region,expected_arrival_date,expected_duration_nights,
    expected_departure_date,actual_arrival_date,actual_arrival_time,actual_duration_nights,
    actual_departure_date,actual_departure_time,departure_reason,departure_move_on_category,
    non_arrival_recorded_date_time,non_arrival_reason,placement_withdrawn_date,
    placement_withdrawal_recorded_date_time,placement_withdrawn_reason,criteria,transfer_reason,
    additional_information
"""
_MATCHING = """
    placement_request_id,expected_arrival_date,expected_departure_date,matcher_cru,match_outcome,
    first_match_attempt_date_time,first_successful_match_attempt_date_time,
    first_successful_match_attempt_premises_name,last_successful_match_attempt_date_time,
    last_successful_match_attempt_premises_name,last_successful_match_placement_id
"""
_REQUEST = """
    request_for_placement_id,request_for_placement_type,requested_arrival_date,
    requested_duration,request_for_placement_submitted_date,parole_decision_date,
    request_for_placement_last_allocated_to_assessor_date,request_for_placement_decision,
    authorised_duration,request_for_placement_decision_made_date,
    request_for_placement_withdrawal_date,request_for_placement_withdrawal_reason,
    apa_sentence_type,placement_release_type
"""
_APPLICATION = """
    application_id,crn,noms,age_in_years,gender,tier,mappa,offence_id,premises_type,
    sentence_type,application_release_type,application_origin_cru,referral_ldu,referral_region,
    referral_team,target_location,standard_rfp_arrival_date,application_submission_date,
    application_timeliness_status,applicant_reason_for_late_application,
    initial_assessor_agree_with_short_notice_reason,
    initial_assessor_reason_for_late_application_detail,initial_assessor_premises_type,
    last_allocated_to_initial_assessor_date,initial_assessor_cru,
    initial_assessment_further_information_requested_on,
    initial_assessment_further_information_received_at,initial_assessment_decision_date,
    initial_assessment_decision,initial_assessment_decision_rationale,assessment_appeal_count,
    last_appealed_assessment_decision,last_appealed_assessment_date,
    last_allocated_to_appealed_assessor_date,last_allocated_to_appealed_assessor_premises_type,
    application_withdrawal_date,application_withdrawal_reason
"""
_OWN = "bed_code,share_suitable,share_valid_until,synthetic"
PLACEMENTS = _columns(",".join((_PLACEMENT, _MATCHING, _REQUEST, _APPLICATION, _OWN)))

SEPARATIONS = ("crn", "other_crn", "radius_miles")
ZONES = ("crn", "kind", "latitude", "longitude", "radius_miles", "premises")
RESTRICTIONS = ("premises", "code", "description")
