"""Livestream e-commerce training for rural women entrepreneurs, from the first sign-up to the funded startup."""
