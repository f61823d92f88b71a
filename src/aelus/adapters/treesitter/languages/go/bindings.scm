((short_var_declaration
  left: (_) @target
  right: (_) @value) @bind.assign
  (#set! declares "block"))

((var_spec
  name: (identifier) @target
  type: (_) @type
  !value) @bind.assign
  (#set! declares "block"))

((var_spec
  . name: (identifier) @target
  . value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block"))

((var_spec
  . name: (identifier) @target
  . type: (_) @type
  value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block"))

; constants are keys
((const_spec
  . name: (identifier) @target
  . value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block"))

((const_spec
  . name: (identifier) @target
  . type: (_)
  value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block"))

(assignment_statement
  left: (_) @target
  right: (_) @value) @bind.assign

; what is counted is no constant any more
((inc_statement (identifier) @target @value) @bind.each
  (#set! declares "none"))

((dec_statement (identifier) @target @value) @bind.each
  (#set! declares "none"))

((assignment_statement
  left: (expression_list . (identifier) @target @value .)
  operator: ["+=" "-="]
  right: (expression_list . (int_literal) .)) @bind.each
  (#set! declares "none"))

((range_clause
  left: (expression_list . (identifier) @key . (identifier) @target .)
  right: (_) @value) @bind.each
  (#set! declares "block"))

((range_clause
  left: (expression_list . (identifier) @target .)
  right: (_) @value) @bind.keys
  (#set! declares "block"))

; results with names
(function_declaration
  result: (parameter_list
    ((parameter_declaration name: (identifier) @target type: (_) @type) @bind.assign))
  (#set! declares "block"))

(method_declaration
  result: (parameter_list
    ((parameter_declaration name: (identifier) @target type: (_) @type) @bind.assign))
  (#set! declares "block"))

(func_literal
  result: (parameter_list
    ((parameter_declaration name: (identifier) @target type: (_) @type) @bind.assign))
  (#set! declares "block"))

; in each case of a type switch, the variable is of its type
((type_switch_statement
  alias: (expression_list (identifier) @target)
  value: (_) @value) @bind.assign
  (#set! declares "block"))

(type_switch_statement
  alias: (expression_list (identifier) @target)
  (type_case . type: (_) @value . [":" (statement_list)]) @within) @narrow

; several variables with a value each
((var_spec
  . name: (identifier) @target
  . name: (identifier)
  type: (_)? @type
  value: (expression_list . (_) @value . (_))) @bind.assign
  (#set! declares "block"))

((var_spec
  . name: (identifier)
  . name: (identifier) @target
  type: (_)? @type
  value: (expression_list . (_) . (_) @value)) @bind.assign
  (#set! declares "block"))

((var_spec
  . name: (identifier)
  . name: (identifier)
  . name: (identifier) @target
  type: (_)? @type
  value: (expression_list . (_) . (_) . (_) @value)) @bind.assign
  (#set! declares "block"))

; several variables with a result each
((var_spec
  . name: (identifier) @target
  . name: (identifier)
  type: (_)? @type
  value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block")
  (#set! part "0"))

((var_spec
  . name: (identifier)
  . name: (identifier) @target
  type: (_)? @type
  value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block")
  (#set! part "1"))

((var_spec
  . name: (identifier)
  . name: (identifier)
  . name: (identifier) @target
  type: (_)? @type
  value: (expression_list . (_) @value .)) @bind.assign
  (#set! declares "block")
  (#set! part "2"))

((receive_statement
  left: (_) @target
  right: (_) @value) @bind.assign
  (#set! declares "block"))

(send_statement
  channel: (_) @target
  value: (_) @value) @bind.element

(return_statement (expression_list) @value) @return

; a return without values returns the results that have names
((function_declaration result: (parameter_list (parameter_declaration name: (identifier) @value))) @return
  (#set! named "yes"))
((method_declaration result: (parameter_list (parameter_declaration name: (identifier) @value))) @return
  (#set! named "yes"))
((func_literal result: (parameter_list (parameter_declaration name: (identifier) @value))) @return
  (#set! named "yes"))
(return_statement . "return" .) @return
