"""What a dot means: members of instances, classes, modules, literals and values from elsewhere."""
