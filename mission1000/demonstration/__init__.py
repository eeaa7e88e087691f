"""The demonstration: who can sign in, and the files carried through the real acts."""
