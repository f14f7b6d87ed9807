"""What people read, without secrets."""
