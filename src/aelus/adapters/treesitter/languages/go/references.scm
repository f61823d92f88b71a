(call_expression function: (_) @callee) @reference.call
(composite_literal type: [(type_identifier) (qualified_type) (generic_type)] @callee) @reference.call

(type_conversion_expression type: (generic_type type: (_) @callee)) @reference.call

(parameter_declaration type: (_) @value) @reference.type
(field_declaration type: (_) @value) @reference.type
(var_spec type: (_) @value) @reference.type
(function_declaration result: (_) @value) @reference.type
(method_declaration result: (_) @value) @reference.type
(type_assertion_expression type: (_) @value) @reference.type

(binary_expression (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.read
