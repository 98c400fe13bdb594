"""The trust repository: TUF metadata as static files, what states sign into it, and the verifier's copy."""
