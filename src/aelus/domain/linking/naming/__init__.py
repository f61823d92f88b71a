"""What names mean before any value flows: scopes, imports, exports, packages."""
