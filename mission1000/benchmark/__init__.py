"""Many rows for measuring: files that went through the real acts, copied in bulk into rounds of their own."""
