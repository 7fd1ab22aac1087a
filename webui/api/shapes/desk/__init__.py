"""What the API takes and answers about tasks, what is done with them, and what lies on the desk."""
