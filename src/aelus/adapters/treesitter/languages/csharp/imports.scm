((using_directive
  "using" . [(identifier) (qualified_name)] @module @wildcard . ";") @import
  (#set! without "global|static"))

((using_directive
  "static" [(identifier) (qualified_name)] @module @wildcard) @import
  (#set! modifiers "static")
  (#set! without "global"))

((using_directive
  "global" "static" [(identifier) (qualified_name)] @module @wildcard) @import
  (#set! modifiers "global static"))

((using_directive
  "global" "using" . [(identifier) (qualified_name)] @module @wildcard . ";") @import
  (#set! modifiers "global")
  (#set! without "static"))

((using_directive
  "global"
  name: (identifier) @alias
  [(identifier) (qualified_name)] @module .) @import
  (#set! modifiers "global"))

((using_directive
  name: (identifier) @alias
  [(identifier) (qualified_name)] @module .) @import
  (#set! without "global"))
