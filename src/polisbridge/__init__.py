"""Does a health insurance contract signed at home count where a person works."""
