"""What calls of the library do in the value flow."""
