"""Who uses a node: accounts, signing in, sessions, machines, helpers, and reading a person's data on the record."""
