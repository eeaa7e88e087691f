"""What is never changed once written, and the plumbing every room writes on. Knows no business noun."""
