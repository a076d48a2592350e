"""The conflict-aware queue between the local record and any FHIR R4 server. No Qt here."""
