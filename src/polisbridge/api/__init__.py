"""The API for programs: translates requests into calls of services, and answers into JSON."""
