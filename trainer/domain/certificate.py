"""Certificates: their states."""

from enum import StrEnum


class CertificateState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
