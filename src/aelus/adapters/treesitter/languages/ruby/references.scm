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
  (argument_list [(identifier) (super)] @reference.call)
  (splat_argument [(identifier) (super)] @reference.call)
  (block_argument [(identifier) (super)] @reference.call)
  (binary [(identifier) (super)] @reference.call)
  (unary [(identifier) (super)] @reference.call)
  (assignment right: [(identifier) (super)] @reference.call)
  (operator_assignment right: [(identifier) (super)] @reference.call)
  (right_assignment_list [(identifier) (super)] @reference.call)
  (call receiver: [(identifier) (super)] @reference.call)
  (element_reference [(identifier) (super)] @reference.call)
  (if condition: [(identifier) (super)] @reference.call)
  (elsif condition: [(identifier) (super)] @reference.call)
  (unless condition: [(identifier) (super)] @reference.call)
  (while condition: [(identifier) (super)] @reference.call)
  (until condition: [(identifier) (super)] @reference.call)
  (if_modifier [(identifier) (super)] @reference.call)
  (unless_modifier [(identifier) (super)] @reference.call)
  (while_modifier [(identifier) (super)] @reference.call)
  (until_modifier [(identifier) (super)] @reference.call)
  (conditional [(identifier) (super)] @reference.call)
  (parenthesized_statements [(identifier) (super)] @reference.call)
  (pair value: [(identifier) (super)] @reference.call)
  (array [(identifier) (super)] @reference.call)
  (interpolation [(identifier) (super)] @reference.call)
  (case value: [(identifier) (super)] @reference.call)
  (pattern [(identifier) (super)] @reference.call)
  (in [(identifier) (super)] @reference.call)
  (optional_parameter value: [(identifier) (super)] @reference.call)
  (keyword_parameter value: [(identifier) (super)] @reference.call)
  (method body: [(identifier) (super)] @reference.call)
  (singleton_method body: [(identifier) (super)] @reference.call)
  (rescue_modifier [(identifier) (super)] @reference.call)
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
