"""Backups: the file they lie in, copies of a database, making one, putting one back."""
