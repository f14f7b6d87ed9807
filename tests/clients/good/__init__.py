"""Programs that no verdict may accuse."""
