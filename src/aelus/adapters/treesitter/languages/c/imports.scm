((preproc_include path: (_) @module @wildcard) @import
  (#set! prefix "#"))
