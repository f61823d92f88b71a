((call
  method: (identifier) @when
  arguments: (argument_list (string (string_content) @module))) @import
  (#set! when "require_relative|require|load")
  (#set! prefix "#"))

((call
  method: (identifier) @when
  arguments: (argument_list . (_) (string (string_content) @module))) @import
  (#set! when "autoload")
  (#set! prefix "#"))
