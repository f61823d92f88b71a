; here `default` is a word of the grammar, no name
((import_statement
  (import_clause (named_imports (import_specifier "default" alias: (_) @alias)))
  source: (string) @module) @import
  (#set! name "default"))

((export_statement
  (export_clause (export_specifier . "default" alias: (_) @alias))
  source: (string) @module) @export
  (#set! imports "default"))

((export_statement
  (export_clause (export_specifier . "default" .))
  source: (string) @module) @export
  (#set! name "default")
  (#set! imports "default"))

((export_statement
  (export_clause (export_specifier name: (_) @name "default"))
  source: (string)? @module) @export
  (#set! name "default"))

((export_statement
  (namespace_export "default")
  source: (string) @module) @export
  (#set! name "default"))
