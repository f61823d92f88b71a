(call_expression . (_) @callee) @reference.call
(infix_expression (_) . (simple_identifier) @callee) @reference.call
(enum_entry (simple_identifier) (value_arguments)? @arguments) @reference.construct
(object_literal) @reference.construct
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
(postfix_expression) @reference.operation
(check_expression) @reference.operation
(assignment) @reference.operation
(for_statement (_) . (_) @value . (control_structure_body)) @reference.iterate

(interpolated_identifier) @reference.format @value
(interpolated_expression (_) @value) @reference.format
(additive_expression . (string_literal) "+" (_) @value .) @reference.format

(interpolated_expression (_) @value) @reference.read
(control_structure_body (_) @value) @reference.read

; a class calls the constructor of its base in its head
(delegation_specifier
  (constructor_invocation
    (user_type) @callee
    (value_arguments) @arguments)) @reference.initialize
