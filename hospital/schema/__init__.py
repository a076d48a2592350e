"""What FHIR R4 says a resource may hold, and the check of it."""
