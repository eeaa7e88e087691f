"""The map: districts, taluks, offices, holidays and working days."""
