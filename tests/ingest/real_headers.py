"""Header rows as the ministry's service publishes them, written out once more for the tests."""

from __future__ import annotations

PREMISES = (
    "name,addressLine1,addressLine2,town,postcode,latitude,longitude,notes,emailAddress,"
    "probationRegion,localAuthorityArea,characteristics,isIAP,isPIPE,isESAP,"
    "isSemiSpecialistMentalHealth,isRecoveryFocussed,isSuitableForVulnerable,acceptsSexOffenders,"
    "acceptsChildSexOffenders,acceptsNonSexualChildOffenders,acceptsHateCrimeOffenders,isCatered,"
    "hasWideStepFreeAccess,hasWideAccessToCommunalAreas,hasStepFreeAccessToCommunalAreas,"
    "hasWheelChairAccessibleBathrooms,hasLift,hasTactileFlooring,hasBrailleSignage,"
    "hasHearingLoop,status,apCode,qCode,gender,supportsSpaceBookings,managerDetails,fullAddress,"
    "isMHAPElliottHouse,isMHAPStJosephs,cruManagementAreaName"
)
ROOMS = (
    "apCode,bedCode,roomNumber,bedCount,isSingle,isGroundFloor,isFullyFm,hasCrib7Bedding,"
    "hasSmokeDetector,isTopFloorVulnerable,isGroundFloorNrOffice,hasNearbySprinkler,"
    "isArsonSuitable,isArsonDesignated,hasArsonInsuranceConditions,isSuitedForSexOffenders,"
    "hasEnSuite,isWheelchairAccessible,hasWideDoor,hasStepFreeAccess,hasFixedMobilityAids,"
    "hasTurningSpace,hasCallForAssistance,isWheelchairDesignated,isStepFreeDesignated,notes"
)
_MATCHING = (
    "placement_request_id,expected_arrival_date,expected_departure_date,matcher_cru,"
    "matcher_username,matcher_name,match_outcome,first_match_attempt_date_time,"
    "first_successful_match_attempt_date_time,first_successful_match_attempt_premises_name,"
    "last_successful_match_attempt_date_time,last_successful_match_attempt_premises_name,"
    "last_successful_match_placement_id"
)
_REQUEST = (
    "request_for_placement_id,request_for_placement_type,requested_arrival_date,"
    "requested_duration,request_for_placement_submitted_date,parole_decision_date,"
    "request_for_placement_last_allocated_to_assessor_date,request_for_placement_decision,"
    "authorised_duration,request_for_placement_decision_made_date,"
    "request_for_placement_withdrawal_date,request_for_placement_withdrawal_reason,"
    "apa_sentence_type,placement_release_type"
)
_APPLICATION = (
    "application_id,crn,noms,age_in_years,gender,ethnicity,nationality,religion,"
    "has_physical_disability,has_learning_social_communication_difficulty,"
    "has_mental_health_condition,tier,mappa,offence_id,premises_type,sentence_type,"
    "application_release_type,application_origin_cru,referral_ldu,referral_region,referral_team,"
    "referrer_username,referrer_name,target_location,standard_rfp_arrival_date,"
    "application_submission_date,application_timeliness_status,"
    "applicant_reason_for_late_application,applicant_reason_for_late_application_detail,"
    "initial_assessor_agree_with_short_notice_reason,"
    "initial_assessor_reason_for_late_application,"
    "initial_assessor_reason_for_late_application_detail,initial_assessor_premises_type,"
    "last_allocated_to_initial_assessor_date,initial_assessor_cru,initial_assessor_username,"
    "initial_assessor_name,initial_assessment_further_information_requested_on,"
    "initial_assessment_further_information_received_at,initial_assessment_decision_date,"
    "initial_assessment_decision,initial_assessment_decision_rationale,assessment_appeal_count,"
    "last_appealed_assessment_decision,last_appealed_assessment_date,"
    "last_allocated_to_appealed_assessor_date,last_allocated_to_appealed_assessor_premises_type,"
    "last_appealed_assessor_username,last_appealed_assessor_name,application_withdrawal_date,"
    "application_withdrawal_reason"
)
_PLACEMENT = (
    "placement_id,premises_name,premises_region,expected_arrival_date,expected_duration_nights,"
    "expected_departure_date,actual_arrival_date,actual_arrival_time,actual_duration_nights,"
    "actual_departure_date,actual_departure_time,departure_reason,departure_notes,"
    "departure_move_on_category,non_arrival_recorded_date_time,non_arrival_reason,"
    "placement_withdrawn_date,placement_withdrawal_recorded_date_time,"
    "placement_withdrawn_reason,criteria,transfer_reason,additional_information"
)
OUTCOMES = f"{_MATCHING},{_REQUEST},{_APPLICATION}"
PLACEMENTS = f"{_PLACEMENT},{OUTCOMES}"
OUT_OF_SERVICE_SEED = "premisesId,bedId,startDate,endDate,reasonId,isCancelled"
OUT_OF_SERVICE_REPORT = (
    "roomName,bedName,id,workOrderId,region,ap,apQCode,reason,startDate,endDate,cancelled,"
    "lengthDays,notes"
)
