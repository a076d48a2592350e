"""The FHIR interactions: what each does, on the record and in words of HTTP."""
