(import_statement
  (import_require_clause (identifier) @alias source: (string) @module)) @import

(export_statement
  !source
  . "export"
  . declaration: [
    (abstract_class_declaration name: (_) @name)
    (interface_declaration name: (_) @name)
    (type_alias_declaration name: (_) @name)
    (enum_declaration name: (_) @name)
    (function_signature name: (_) @name)
    (internal_module name: (identifier) @name)
    (ambient_declaration [
      (class_declaration name: (_) @name)
      (function_signature name: (_) @name)
      (lexical_declaration (variable_declarator name: (identifier) @name))
    ])
  ]) @export

((export_statement "=" . (_) @value) @export
  (#set! name "="))
