"""Domain values to and from FHIR R4 JSON; stored JSON is patched, never regenerated."""
