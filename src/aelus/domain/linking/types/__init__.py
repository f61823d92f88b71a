"""What the program declares of its values, and how containers and their keys are kept."""
