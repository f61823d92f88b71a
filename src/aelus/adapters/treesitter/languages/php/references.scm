(function_call_expression function: (_) @callee) @reference.call
(member_call_expression name: (_) @callee) @reference.call
(nullsafe_member_call_expression name: (_) @callee) @reference.call
(scoped_call_expression name: (_) @callee) @reference.call
(object_creation_expression . (_) @callee) @reference.call

(named_type (_) @value) @reference.type
(base_clause (_) @value) @reference.type
(class_interface_clause (_) @value) @reference.type
(binary_expression operator: "instanceof" right: [(name) (qualified_name)] @value) @reference.type

(subscript_expression) @reference.operation
(binary_expression (_) @value) @reference.read
(echo_statement (_) @value) @reference.read
(parenthesized_expression (variable_name) @value) @reference.read
