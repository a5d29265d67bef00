"""Livestream e-commerce training for rural women entrepreneurs, from the first sign-up to the funded startup."""

import gc

# What is loaded stays to the end: a collector that walks it again and again takes a quarter of the time to start.
gc.set_threshold(50_000, 20, 100)
