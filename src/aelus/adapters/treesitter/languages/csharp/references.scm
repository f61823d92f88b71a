(invocation_expression function: (_) @callee) @reference.call
(object_creation_expression type: (_) @callee) @reference.call
(constructor_initializer ["base" "this"] @callee) @reference.call

(parameter type: (_) @value) @reference.type
(variable_declaration type: (_) @value) @reference.type
(property_declaration type: (_) @value) @reference.type
(method_declaration returns: (_) @value) @reference.type
(cast_expression type: (_) @value) @reference.type
(declaration_pattern type: (_) @value) @reference.type
(catch_declaration type: (_) @value) @reference.type
(typeof_expression type: (_) @value) @reference.type
(is_expression right: (_) @value) @reference.type

(interpolation (_) @value) @reference.read
(binary_expression (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.read
