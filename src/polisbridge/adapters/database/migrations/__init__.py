"""How the tables came to be, one file per change; only ever added to. `env.py` is what Alembic runs them by."""
