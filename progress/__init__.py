"""Watching: homes (homes, mine, desk), figures of a month (queries, table, charts), reports (documents, tasks)."""
