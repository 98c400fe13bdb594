"""What people do with a node's registry: keep on record, look up, look back, export, erase. Storage is behind ports."""
