((using_declaration "namespace" [(identifier) (qualified_identifier)] @module @wildcard) @import)
((using_declaration (qualified_identifier) @tree) @import
  (#set! without "namespace"))

((namespace_alias_definition
  name: (namespace_identifier) @alias
  [(namespace_identifier) (nested_namespace_specifier)] @module .) @import)
