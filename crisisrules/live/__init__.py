"""Live use: a journal that loses nothing, a loop that lets time pass, and people told once."""
