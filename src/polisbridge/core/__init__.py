"""Values and decisions. No I/O, no clock, no randomness: days and instants are arguments."""
