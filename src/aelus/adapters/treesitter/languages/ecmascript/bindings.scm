(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(augmented_assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

((for_in_statement
  kind: ["const" "let"]
  left: (_) @target
  operator: "of"
  right: (_) @value) @bind.each
  (#set! declares "block"))

((for_in_statement
  kind: "var"
  left: (_) @target
  operator: "of"
  right: (_) @value) @bind.each
  (#set! declares "function"))

((for_in_statement
  kind: ["const" "let"]
  left: (_) @target
  operator: "in"
  right: (_) @value) @bind.keys
  (#set! declares "block"))

((catch_clause
  parameter: (_) @target) @bind.assign
  (#set! declares "block"))

(return_statement (_) @value) @return
(yield_expression "*" (_) @value) @yield.from
(yield_expression (_) @value) @yield
(arrow_function body: (expression) @value) @return

; x instanceof C decides what x is behind it
((if_statement
  condition: (parenthesized_expression
    (binary_expression
      left: (identifier) @target
      operator: "instanceof"
      right: (_) @value))
  consequence: (_) @within) @narrow)
