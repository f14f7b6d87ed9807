"""Certificates, trust stores and the proxy."""
