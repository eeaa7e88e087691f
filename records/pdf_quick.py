def shorten(): pass
