"""Pages of the judging: the file, the scorecard, the packets."""
