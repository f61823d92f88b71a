((statements
  (property_declaration
    (variable_declaration (simple_identifier) @target (_)? @type)
    . (_)? @value) @bind.assign)
  (#set! declares "block"))

((property_declaration
  (multi_variable_declaration) @target
  . (_)? @value) @bind.assign
  (#set! declares "block"))

((when_subject
  (variable_declaration (simple_identifier) @target (_)? @type)
  . (_) @value) @bind.assign
  (#set! declares "block"))

((for_statement
  [(variable_declaration) (multi_variable_declaration)] @target
  . (_) @value
  (control_structure_body)) @bind.each
  (#set! declares "block"))

((catch_block (simple_identifier) @target (user_type) @value) @bind.instance
  (#set! declares "block"))

(assignment
  (directly_assignable_expression . (simple_identifier) @target .)
  "="
  (_) @value) @bind.assign

(assignment
  (directly_assignable_expression (_) (navigation_suffix)) @target
  (_) @value) @bind.assign

(check_expression [(simple_identifier) (this_expression)] @target "is" (_) @value) @narrow
((check_expression (simple_identifier) @target "!is" (_) @value) @narrow
  (#set! by "instance")
  (#set! both "yes")
  (#set! unless "yes"))

((when_expression
  (when_subject [(simple_identifier) (this_expression)] @target)
  (when_entry
    (when_condition (type_test (_) @value))
    (control_structure_body) @within)) @narrow)

((when_expression
  (when_subject (variable_declaration (simple_identifier) @target))
  (when_entry
    (when_condition (type_test (_) @value))
    (control_structure_body) @within)) @narrow)

((when_entry
  (when_condition (check_expression (simple_identifier) @target "is" (_) @value))
  (control_structure_body) @within) @narrow)

; behind a cast that has not failed
((statements (property_declaration (as_expression (simple_identifier) @target "as" (_) @value)) @behind) @narrow
  (#set! by "instance"))
((statements (as_expression (simple_identifier) @target "as" (_) @value) @behind) @narrow
  (#set! by "instance"))

(assignment
  (directly_assignable_expression (_) (indexing_suffix)) @target
  "="
  (_) @value) @bind.assign

(function_body "=" (_) @value) @return
(jump_expression "return" (_) @value) @return
(lambda_literal (statements (_) @value .)) @return
