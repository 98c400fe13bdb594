"""Bytes to core values and back, still pure."""
