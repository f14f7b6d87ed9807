"""Ports and connections: what arrives, and what is sent."""
