"""Pages of the applicant and of the public check."""
