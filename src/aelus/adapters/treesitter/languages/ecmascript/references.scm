(call_expression function: (_) @callee) @reference.call
(new_expression constructor: (_) @callee) @reference.call

(template_substitution (_) @value) @reference.read
(template_substitution (_) @value) @reference.format
(expression_statement (member_expression) @value) @reference.read
(if_statement condition: (parenthesized_expression (_) @value)) @reference.read

(for_in_statement operator: "of" right: (_) @value) @reference.iterate

; what is spread, taken apart by place or yielded from is looped over
(array (spread_element (_) @value) @reference.iterate)
(arguments (spread_element (_) @value) @reference.iterate)
(variable_declarator name: (array_pattern) value: (_) @value) @reference.iterate
(assignment_expression left: (array_pattern) right: (_) @value) @reference.iterate
(yield_expression "*" (_) @value) @reference.iterate

; operators ask what they are applied to for a number or text
(binary_expression
  left: [(identifier) (member_expression) (call_expression) (new_expression) (this)] @value @reference.number
  operator: ["+" "-" "*" "/" "%" "**" "<" ">" "<=" ">="])
((binary_expression
  operator: _ @sign
  right: [(identifier) (member_expression) (call_expression) (new_expression) (this)] @value @reference.number)
  (#any-of? @sign "+" "-" "*" "/" "%" "**" "<" ">" "<=" ">=")) ; signs one by one would be followed through all of a long chain
(unary_expression
  operator: ["+" "-"]
  argument: [(identifier) (member_expression) (call_expression) (new_expression) (this)] @value @reference.number)
(augmented_assignment_expression
  operator: ["+=" "-=" "*=" "/="]
  right: [(identifier) (member_expression) (call_expression) (new_expression) (this)] @value @reference.number)

; a step of a member reads it and stores to it
(update_expression argument: (member_expression) @value) @reference.read

; a class may say itself what its instances are
((binary_expression operator: "instanceof" right: (_) @value) @reference.operation
  (#set! calls "[Symbol.hasInstance]"))
