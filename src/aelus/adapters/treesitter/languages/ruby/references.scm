(call method: (_) @callee) @reference.call
(yield) @reference.call
(call receiver: (_) @callee !method) @reference.call

; a bare name is a call where no variable has it
[
  (program [(identifier) (super)] @reference.call)
  (body_statement [(identifier) (super)] @reference.call)
  (block_body [(identifier) (super)] @reference.call)
  (then [(identifier) (super)] @reference.call)
  (else [(identifier) (super)] @reference.call)
  (begin [(identifier) (super)] @reference.call)
  (ensure [(identifier) (super)] @reference.call)
  (do [(identifier) (super)] @reference.call)
  (argument_list (identifier) @reference.call)
  (splat_argument (identifier) @reference.call)
  (block_argument (identifier) @reference.call)
  (binary [(identifier) (super)] @reference.call)
  (unary (identifier) @reference.call)
  (assignment right: [(identifier) (super)] @reference.call)
  (operator_assignment right: [(identifier) (super)] @reference.call)
  (right_assignment_list (identifier) @reference.call)
  (call receiver: [(identifier) (super)] @reference.call)
  (element_reference (identifier) @reference.call)
  (if condition: (identifier) @reference.call)
  (elsif condition: (identifier) @reference.call)
  (unless condition: (identifier) @reference.call)
  (while condition: (identifier) @reference.call)
  (until condition: (identifier) @reference.call)
  (if_modifier [(identifier) (super)] @reference.call)
  (unless_modifier [(identifier) (super)] @reference.call)
  (while_modifier (identifier) @reference.call)
  (until_modifier (identifier) @reference.call)
  (conditional (identifier) @reference.call)
  (parenthesized_statements (identifier) @reference.call)
  (pair value: (identifier) @reference.call)
  (array (identifier) @reference.call)
  (interpolation (identifier) @reference.call)
  (case value: (identifier) @reference.call)
  (pattern (identifier) @reference.call)
  (in (identifier) @reference.call)
  (optional_parameter value: (identifier) @reference.call)
  (keyword_parameter value: (identifier) @reference.call)
  (method body: (identifier) @reference.call)
]

(superclass (_) @value) @reference.type
(exceptions (_) @value) @reference.type

(binary) @reference.operation
(unary) @reference.operation
(operator_assignment) @reference.operation
(element_reference) @reference.operation

(argument_list (_) @value) @reference.read
(interpolation (_) @value) @reference.read
(interpolation (_) @value) @reference.format
