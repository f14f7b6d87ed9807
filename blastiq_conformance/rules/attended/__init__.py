"""Rules 9xx, of the attended flow: a person signs in with a browser, and the integration never sees a password."""
