(import_declaration
  (_) @module
  (asterisk) @wildcard) @import

(import_declaration
  . (scoped_identifier) @module .) @import

((import_declaration
  "static"
  (scoped_identifier) @module .) @import
  (#set! modifiers "static"))
