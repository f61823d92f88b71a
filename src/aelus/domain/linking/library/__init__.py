"""What is known of code outside of the repository, as the rooms of the languages state it."""
