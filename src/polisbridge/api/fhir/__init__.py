"""FHIR R4 at `/fhir`: the same keys, the same matrix and the same writes as `/v1`, in the words of hospitals' systems."""
