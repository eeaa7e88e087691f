"""Judging: the file on the desk (casefile, figures, trail), scorecards (cards, scoring), the packet (ranking, packetfile)."""
