((short_var_declaration
  left: (_) @target
  right: (_) @value) @bind.assign
  (#set! declares "block"))

((var_spec
  name: (identifier) @target
  type: (_)? @type
  value: (expression_list . (_) @value .)?) @bind.assign
  (#set! declares "block"))

(assignment_statement
  left: (_) @target
  right: (_) @value) @bind.assign

((range_clause
  left: (expression_list . (identifier) @key . (identifier) @target .)
  right: (_) @value) @bind.each
  (#set! declares "block"))

((range_clause
  left: (expression_list . (identifier) @target .)
  right: (_) @value) @bind.keys
  (#set! declares "block"))

((receive_statement
  left: (_) @target
  right: (_) @value) @bind.each
  (#set! declares "block"))

(return_statement (expression_list) @value) @return
