"""What the application needs from the outside: one protocol a file, in domain types only."""
