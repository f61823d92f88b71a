((impl_item type: (_) @value) @bind.type
  (#set! name "Self"))

((let_declaration
  pattern: (_) @target
  type: (_)? @type
  value: (_)? @value) @bind.assign
  (#set! declares "block"))

((let_condition
  pattern: (_) @target
  value: (_) @value) @bind.assign
  (#set! declares "block"))

((for_expression
  pattern: (_) @target
  value: (_) @value) @bind.each
  (#set! declares "block"))

((match_expression
  value: (_) @value
  body: (match_block
    (match_arm pattern: (match_pattern . (_) @target)) @bind.assign))
  (#set! declares "block"))

(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(function_item body: (block) @value) @return
(closure_expression body: (_) @value) @return
(return_expression (_) @value) @return
