"""The web site of a node: pages that the server writes, usable without JavaScript."""
