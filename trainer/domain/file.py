"""Files the installation keeps: what for."""

from enum import StrEnum


class FilePurpose(StrEnum):
    CONSENT_SCAN = "consent_scan"
    TASK_PRODUCT = "task_product"
    AUDIT_SEGMENT = "audit_segment"
    MATERIAL = "material"
    CLASS_PHOTO = "class_photo"
    SHEET_PHOTO = "sheet_photo"
    HAND_IN = "hand_in"
    SERVICE_EVIDENCE = "service_evidence"
    SALES_FILE = "sales_file"
    SALES_PICTURE = "sales_picture"
    DONATION_EVIDENCE = "donation_evidence"
    OUTCOME_EVIDENCE = "outcome_evidence"
    APPLICATION_FILE = "application_file"
    VISIT_PICTURE = "visit_picture"
