(use_declaration argument: (_) @tree) @import

((mod_item name: (identifier) @module !body) @import
  (#set! head "self"))

((extern_crate_declaration
  name: (identifier) @module
  alias: (identifier)? @alias) @import)
