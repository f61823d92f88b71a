"""Which of several functions of one name a call means."""
