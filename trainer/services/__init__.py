"""Writes, one file a noun: verbs that change something; no commit, no HTTP, no clock (they get by= and at=)."""
