"""How a person signs in: authorize endpoint, login and consent pages, authorization codes, end of session."""
