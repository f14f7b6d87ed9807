"""Programs that the kit starts: the demo integration and a browser."""
