"""Reads, one file a noun: get_, list_, count_, …_page; no change, no HTTP."""
