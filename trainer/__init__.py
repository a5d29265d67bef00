"""Livestream e-commerce training for rural women entrepreneurs, from the first sign-up to the funded startup."""

import gc
import os

# What is loaded stays to the end: a collector that walks it again and again takes a quarter of the time to start.
gc.set_threshold(50_000, 20, 100)
# Before numpy is loaded: one thread sums in one order, so that a ranking comes out the same to the last digit everywhere,
# and two workers do not fight for two processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
