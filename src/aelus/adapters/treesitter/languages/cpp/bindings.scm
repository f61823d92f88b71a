; in a block, `T x(a)` makes an instance: functions are hardly declared there
((compound_statement
  (declaration
    type: [(type_identifier) (qualified_identifier) (template_type)] @type
    declarator: (function_declarator
      declarator: (identifier) @target
      parameters: (parameter_list . (parameter_declaration type: [(type_identifier) (qualified_identifier)] !declarator)) @value)) @bind.assign)
  (#set! declares "block"))

((declaration
  type: (_) @type
  declarator: (reference_declarator) @declarator) @bind.assign
  (#set! declares "block"))

((declaration
  type: (_) @type
  declarator: (_) @declarator
  value: (_) @value) @bind.assign
  (#set! declares "block"))

((for_range_loop
  type: (_) @type
  declarator: (_) @declarator
  right: (_) @value) @bind.each
  (#set! declares "block"))

((catch_clause
  parameters: (parameter_list
    (parameter_declaration
      type: (_) @type
      declarator: (_) @declarator))) @bind.assign
  (#set! declares "block"))

; a lambda has a variable of its own for what is evaluated where it stands
((lambda_capture_initializer left: (identifier) @target right: (_) @value) @bind.assign
  (#set! declares "block")
  (#set! head "outside"))

((field_initializer
  (field_identifier) @target
  [(argument_list . (_) @value .) (initializer_list . (_) @value .)]) @bind.assign
  (#set! target "member"))
