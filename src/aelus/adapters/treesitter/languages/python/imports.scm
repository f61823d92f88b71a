((import_statement
  name: (dotted_name) @module) @import
  (#set! binds "head"))

(import_statement
  name: (aliased_import
    name: (dotted_name) @module
    alias: (identifier) @alias)) @import

(import_from_statement
  module_name: (_) @module
  name: (dotted_name) @name) @import

(import_from_statement
  module_name: (_) @module
  name: (aliased_import
    name: (dotted_name) @name
    alias: (identifier) @alias)) @import

(import_from_statement
  module_name: (_) @module
  (wildcard_import) @wildcard) @import

; __all__ = ["a", "b"], also with += and as a tuple
((assignment
  left: (identifier) @when
  right: [(list (string (string_content) @name)) (tuple (string (string_content) @name))]) @export
  (#set! when "__all__"))

((augmented_assignment
  left: (identifier) @when
  right: [(list (string (string_content) @name)) (tuple (string (string_content) @name))]) @export
  (#set! when "__all__"))
