"""Tests of fake_idp."""
