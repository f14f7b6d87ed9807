"""Programs that each make a mistake: by their library's own doing, or by one named flaw in a clean core."""
