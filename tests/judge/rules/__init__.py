"""Tests of the rules, a file per family; `test_rules` has their examples."""
