"""People and posts: roles, postings, sign-in, second factor, sessions."""
