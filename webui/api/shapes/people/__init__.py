"""What the API takes and answers about people and their absences."""
