(method_invocation name: (_) @callee) @reference.call
(object_creation_expression type: (_) @callee) @reference.call
(explicit_constructor_invocation constructor: (_) @callee) @reference.call
(enum_constant arguments: (_)? @arguments) @reference.construct

(formal_parameter type: (_) @reference.type @value)
(field_declaration type: (_) @reference.type @value)
(local_variable_declaration type: (_) @reference.type @value)
(method_declaration type: (_) @reference.type @value)
(cast_expression type: (_) @reference.type @value)
(catch_type (_) @reference.type @value)
(throws (_) @reference.type @value)
(spread_parameter . (_) @reference.type @value)
(enhanced_for_statement type: (_) @reference.type @value)
(resource type: (_) @reference.type @value)
(instanceof_expression right: (_) @reference.type @value)
(type_pattern . (_) @reference.type @value)
(class_literal (_) @reference.type @value)
(array_creation_expression type: (_) @reference.type @value)
(object_creation_expression type: (generic_type (type_arguments (_) @reference.type @value)))
(type_bound (_) @reference.type @value)
(dimensions_expr (_) @value) @reference.read

(binary_expression (_) @value) @reference.read

; an object is added to nothing but a text
(binary_expression left: (_) @value "+") @reference.format
(binary_expression "+" right: (_) @value) @reference.format
(assignment_expression "+=" right: (_) @value) @reference.format
(if_statement condition: (parenthesized_expression (_) @value)) @reference.read

; what is closed at the end
(resource name: (identifier) @value) @reference.enter
(resource . (identifier) @value .) @reference.enter

; what a loop goes over
(enhanced_for_statement value: (_) @value) @reference.iterate
