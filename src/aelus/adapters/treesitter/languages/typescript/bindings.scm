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
((if_statement condition: (parenthesized_expression (call_expression
    function: (member_expression object: (identifier) @target) @value) @narrow))
  (#set! by "guard receiver")
  (#set! both "yes"))

((unary_expression operator: "!" argument: (call_expression
    function: (member_expression object: (identifier) @target) @value) @narrow)
  (#set! by "guard receiver")
  (#set! both "yes"))

((binary_expression left: (call_expression
    function: (member_expression object: (identifier) @target) @value) @narrow operator: ["&&" "||"])
  (#set! by "guard receiver")
  (#set! both "yes"))

((binary_expression operator: ["&&" "||"] right: (call_expression
    function: (member_expression object: (identifier) @target) @value) @narrow)
  (#set! by "guard receiver")
  (#set! both "yes"))

((ternary_expression condition: (call_expression
    function: (member_expression object: (identifier) @target) @value) @narrow)
  (#set! by "guard receiver")
  (#set! both "yes"))

((expression_statement
  (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow)
  (#set! by "guard")
  (#set! asserts "yes"))
