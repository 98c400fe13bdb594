"""HL7 FHIR R4 (4.0.1): contracts, persons and answers as resources, and back. Pure: plain data in, plain data out.

What a contract says beyond the elements of FHIR travels in extensions of our own, one per key of the contract file.
The mapping element by element: docs/spec/fhir.md.
"""
