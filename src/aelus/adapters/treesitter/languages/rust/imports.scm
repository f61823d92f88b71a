((use_declaration (visibility_modifier) argument: (_) @tree) @import
  (#set! modifiers "public"))
((use_declaration argument: (_) @tree) @import
  (#set! without "visibility_modifier"))

((attribute_item (attribute (identifier) @when value: (string_literal) @path))
  .
  (mod_item name: (identifier) @module !body) @import
  (#set! when "path")
  (#set! head "self"))

((mod_item name: (identifier) @module !body) @import
  (#set! head "self"))

((extern_crate_declaration
  name: (identifier) @module
  alias: (identifier)? @alias) @import)
