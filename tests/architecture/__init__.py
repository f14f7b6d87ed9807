"""Tests of the house itself: which room a library may enter, how large a file may be, what a face shows."""
