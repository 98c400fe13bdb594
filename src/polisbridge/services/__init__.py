"""One function per thing a user does, and the ports it needs."""
