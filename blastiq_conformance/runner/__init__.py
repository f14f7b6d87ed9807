"""How an integration is started, fed, watched and ended with all its children; runs scenarios in parallel."""
