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

(catch_clause
  type: (_) @value
  name: (_) @target) @bind.instance

(static_variable_declaration
  name: (_) @target
  value: (_)? @value) @bind.assign

(global_declaration (variable_name) @target) @outside.global

((if_statement
  condition: (parenthesized_expression
    (binary_expression
      left: (variable_name) @target
      operator: "instanceof"
      right: (_) @value))
  body: (_) @within) @narrow)

(return_statement (_) @value) @return
(arrow_function body: (_) @value) @return
(yield_expression (array_element_initializer (_) @value .)) @yield
