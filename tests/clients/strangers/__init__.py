"""Programs written apart from the kit, and what each was said to break before it ran."""
