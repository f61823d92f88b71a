(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(augmented_assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(update_expression argument: (member_expression) @target) @bind.assign
(update_expression argument: (identifier) @target) @bind.step

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
  parameter: (_) @target) @bind.caught
  (#set! declares "block"))

(throw_statement (_) @value) @raise

(return_statement (_) @value) @return
(yield_expression "*" (_) @value) @yield.from
(yield_expression (_)? @value) @yield
(arrow_function body: (expression) @value) @return

; tests decide what a variable is behind them
((binary_expression
  left: (identifier) @target
  operator: "instanceof"
  right: (_) @value) @narrow
  (#set! by "instance")
  (#set! both "yes"))

((binary_expression
  left: (string) @value
  operator: "in"
  right: (identifier) @target) @narrow
  (#set! by "member")
  (#set! both "yes"))

((binary_expression
  left: (member_expression object: (identifier) @target property: (_) @member)
  operator: ["===" "=="]
  right: [(string) (member_expression)] @value) @narrow
  (#set! by "entry")
  (#set! both "yes"))

((binary_expression
  left: (member_expression object: (identifier) @target property: (_) @member)
  operator: ["!==" "!="]
  right: [(string) (member_expression)] @value) @narrow
  (#set! by "entry")
  (#set! unless "yes")
  (#set! both "yes"))

((binary_expression
  left: (unary_expression operator: "typeof" argument: (identifier) @target)
  operator: ["===" "=="]
  right: (string) @value) @narrow
  (#set! by "kind")
  (#set! both "yes"))

((binary_expression
  left: (unary_expression operator: "typeof" argument: (identifier) @target)
  operator: ["!==" "!="]
  right: (string) @value) @narrow
  (#set! by "kind")
  (#set! unless "yes")
  (#set! both "yes"))

((if_statement condition: (parenthesized_expression (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow))
  (#set! by "guard")
  (#set! both "yes"))

((unary_expression operator: "!" argument: (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow)
  (#set! by "guard")
  (#set! both "yes"))

((binary_expression left: (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow operator: ["&&" "||"])
  (#set! by "guard")
  (#set! both "yes"))

((binary_expression operator: ["&&" "||"] right: (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow)
  (#set! by "guard")
  (#set! both "yes"))

((ternary_expression condition: (call_expression
    function: (_) @value
    arguments: (arguments . (identifier) @target)) @narrow)
  (#set! by "guard")
  (#set! both "yes"))

((switch_case value: [(string) (member_expression)] @value) @narrow
  (#set! by "case"))
