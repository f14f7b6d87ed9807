"""What was stated of each program, a file for each language; the comment says why these rules and no others."""
