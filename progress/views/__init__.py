"""Pages of this room: homes, and figures with their reports."""
