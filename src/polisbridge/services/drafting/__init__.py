"""Drafts of law: the files that a change becomes, who may decide on it, its effect, and its publication."""
