(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(reference_assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(augmented_assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(foreach_statement
  . (_) @value
  . (variable_name) @target
  body: (_)) @bind.each

(foreach_statement
  . (_) @value
  . (by_ref (variable_name) @target)
  body: (_)) @bind.each

(foreach_statement
  . (_) @value
  . (pair (_) @key [(variable_name) (list_literal) (by_ref)] @target)
  body: (_)) @bind.each

(foreach_statement
  . (_) @value
  . (list_literal) @target
  body: (_)) @bind.each

; what a class makes of the methods of its traits
((use_as_clause
  (class_constant_access_expression) @value
  (name) @target .) @bind.assign
  (#set! declares "block"))

((use_declaration
  [(name) (qualified_name)] @holder
  (use_list
    (use_as_clause
      . (name) @value
      (name) @target .) @bind.assign))
  (#set! declares "block"))

((use_instead_of_clause
  . (class_constant_access_expression (_) (name) @target) @value) @bind.assign
  (#set! declares "block"))

; a function may fill what it is given
(argument (variable_name) @target) @bind.given

(catch_clause
  type: (_) @value
  name: (_) @target) @bind.instance

(static_variable_declaration
  name: (_) @target
  value: (_)? @value) @bind.assign

(global_declaration (variable_name) @target) @outside.global
(anonymous_function_use_clause (by_ref (variable_name) @target)) @outside.nonlocal

((binary_expression
  left: [(variable_name) (member_access_expression)] @target
  operator: "instanceof"
  right: [(name) (qualified_name)] @value) @narrow
  (#set! by "instance")
  (#set! both "yes"))

; what a branch of `match (true)` has tested
((match_expression
  condition: (parenthesized_expression (boolean) @when)
  body: (match_block
    (match_conditional_expression
      conditional_expressions: (match_condition_list
        . (binary_expression
          left: [(variable_name) (member_access_expression)] @target
          operator: "instanceof"
          right: [(name) (qualified_name)] @value) .)
      return_expression: (_) @within) @narrow))
  (#set! when "true|TRUE|True"))

; a comment that says what a variable is
([(compound_statement (comment) @narrow)
  (program (comment) @narrow)
  (case_statement (comment) @narrow)
  (default_statement (comment) @narrow)]
  (#set! by "comment"))

(return_statement (_) @value) @return
(arrow_function body: (_) @value) @return
(yield_expression "yield from" (_) @value) @yield.from
(yield_expression (array_element_initializer (_) @value .)) @yield
(yield_expression) @yield
