((using_directive
  "using" . [(identifier) (qualified_name)] @module @wildcard . ";") @import)

((using_directive
  "static" [(identifier) (qualified_name)] @module @wildcard) @import
  (#set! modifiers "static"))

((using_directive
  "global" "using" . [(identifier) (qualified_name)] @module @wildcard . ";") @import
  (#set! modifiers "global"))

((using_directive
  "global"
  name: (identifier) @alias
  [(identifier) (qualified_name)] @module .) @import
  (#set! modifiers "global"))

(using_directive
  name: (identifier) @alias
  [(identifier) (qualified_name)] @module .) @import
