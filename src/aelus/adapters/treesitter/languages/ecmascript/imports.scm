(import_statement
  (import_clause (identifier) @alias)
  source: (string) @module
  (#set! name "default")) @import

(import_statement
  (import_clause (named_imports (import_specifier name: (_) @name !alias)))
  source: (string) @module) @import

(import_statement
  (import_clause (named_imports (import_specifier name: (_) @name alias: (_) @alias)))
  source: (string) @module) @import

(import_statement
  (import_clause (namespace_import (identifier) @alias))
  source: (string) @module) @import

((import_statement . "import" . source: (string) @module) @import
  (#set! declares "none"))

(export_statement
  (export_clause (export_specifier name: (_) @name alias: (_)? @alias))
  !source) @export

(export_statement
  (export_clause (export_specifier name: (_) @name alias: (_)? @alias))
  source: (string) @module) @export

(export_statement
  (namespace_export (_) @alias)
  source: (string) @module) @export

(export_statement
  "*" @wildcard
  source: (string) @module) @export

(export_statement
  "default"
  value: (_) @value
  (#set! name "default")) @export

(export_statement
  "default"
  declaration: (_) @value
  (#set! name "default")) @export

(export_statement
  !source
  . "export"
  . declaration: [
    (function_declaration name: (_) @name)
    (generator_function_declaration name: (_) @name)
    (class_declaration name: (_) @name)
    (lexical_declaration (variable_declarator name: (identifier) @name))
    (variable_declaration (variable_declarator name: (identifier) @name))
  ]) @export
