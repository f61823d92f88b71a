((local_variable_declaration
  type: (_) @type
  declarator: (variable_declarator
    name: (identifier) @target
    dimensions: (_)? @dimensions
    value: (_)? @value) @bind.assign)
  (#set! declares "block"))

((enhanced_for_statement
  type: (_) @type
  name: (identifier) @target
  value: (_) @value) @bind.each
  (#set! declares "block"))

((resource
  type: (_) @type
  name: (identifier) @target
  value: (_) @value) @bind.assign
  (#set! declares "block"))

((catch_formal_parameter
  (catch_type) @value
  name: (identifier) @target) @bind.instance
  (#set! declares "block"))

((instanceof_expression
  right: (_) @type
  name: (identifier) @target) @bind.assign
  (#set! declares "block"))

(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(return_statement (_) @value) @return
(yield_statement (_) @value) @return
(lambda_expression body: (expression) @value) @return

((type_pattern
  (_) @type
  (identifier) @target) @bind.assign
  (#set! declares "block"))

((record_pattern_component
  (_) @type
  (identifier) @target) @bind.assign
  (#set! declares "block"))
