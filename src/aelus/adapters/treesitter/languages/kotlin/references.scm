(call_expression . (_) @callee) @reference.call
(constructor_delegation_call) @reference.call

(user_type) @reference.type @value

(navigation_expression) @reference.operation
(indexing_expression) @reference.operation
(additive_expression) @reference.operation
(multiplicative_expression) @reference.operation
(comparison_expression) @reference.operation
(equality_expression) @reference.operation
(range_expression) @reference.operation
(prefix_expression) @reference.operation

(interpolated_expression (_) @value) @reference.read
(control_structure_body (_) @value) @reference.read

; a class calls the constructor of its base in its head
(delegation_specifier
  (constructor_invocation
    (user_type) @callee
    (value_arguments) @arguments)) @reference.initialize
