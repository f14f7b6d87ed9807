"""Clients that were written apart from the kit, with the verdict that each is due."""
