((variable_declaration
  (assignment_statement
    (variable_list) @target
    (expression_list) @value) @bind.assign)
  (#set! declares "block"))

((variable_declaration (variable_list) @target) @bind.assign
  (#set! declares "block"))

(chunk
  (assignment_statement
    (variable_list) @target
    (expression_list) @value) @bind.assign)

(block
  (assignment_statement
    (variable_list) @target
    (expression_list) @value) @bind.assign)

((for_statement
  clause: (for_generic_clause
    (variable_list) @target
    (expression_list) @value)) @bind.each
  (#set! declares "block"))

((for_numeric_clause name: (identifier) @target) @bind.assign @value
  (#set! declares "block"))

(return_statement (expression_list) @value) @return
