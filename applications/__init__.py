"""The file of one enterprise: sections and their forms, documents, eligibility, the one door of its states (actions/moves)."""
