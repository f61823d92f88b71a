((use_declaration (visibility_modifier) argument: (_) @tree) @import
  (#set! modifiers "public"))
((use_declaration argument: (_) @tree) @import
  (#set! without "visibility_modifier"))

((mod_item name: (identifier) @module !body) @import
  (#set! head "self"))

((extern_crate_declaration
  name: (identifier) @module
  alias: (identifier)? @alias) @import)
