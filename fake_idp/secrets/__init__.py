"""Secrets found, and what stands for them."""
