"""The world: files, the calendar, caches. Implements what services ask for."""
