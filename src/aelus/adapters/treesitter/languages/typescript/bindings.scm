((lexical_declaration
  (variable_declarator
    name: (_) @target
    type: (_)? @type
    value: (_)? @value) @bind.assign)
  (#set! declares "block"))

((variable_declaration
  (variable_declarator
    name: (_) @target
    type: (_)? @type
    value: (_)? @value) @bind.assign)
  (#set! declares "function"))

((import_alias . (identifier) @target . (_) @value) @bind.assign
  (#set! declares "block"))

; `x.isC()` may say of x what it is
((call_expression
  function: (member_expression object: (identifier) @target) @value) @narrow
  (#set! by "guard receiver")
  (#set! both "yes"))
