"""What follows selection: today the caps of a round and the page about the scheme."""
