"""The rules: a package per family, a file per subject; `catalogue.catalogue()` finds and registers them all."""
