((lexical_declaration
  (variable_declarator
    name: (_) @target
    value: (_)? @value) @bind.assign)
  (#set! declares "block"))

((variable_declaration
  (variable_declarator
    name: (_) @target
    value: (_)? @value) @bind.assign)
  (#set! declares "function"))
