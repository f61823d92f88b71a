(call function: (_) @callee) @reference.call

(type) @reference.type @value
(class_pattern (dotted_name) @value) @reference.type
(except_clause value: [(identifier) (attribute) (tuple)] @value) @reference.type
(except_clause value: (as_pattern . (_) @value)) @reference.type

(interpolation expression: (_) @value) @reference.read
(raise_statement . [(identifier) (attribute)] @callee) @reference.call

; operations that may run a method
(binary_operator) @reference.operation
(comparison_operator) @reference.operation
(unary_operator) @reference.operation
(augmented_assignment) @reference.operation
(subscript) @reference.operation
(for_statement right: (_) @value) @reference.iterate
(with_item value: (as_pattern . (_) @value)) @reference.enter
(with_item value: [(call) (identifier) (attribute)] @value) @reference.enter
(delete_statement [(subscript) (attribute)] @value) @reference.delete
(delete_statement (expression_list [(subscript) (attribute)] @value)) @reference.delete
(if_statement condition: (_) @value) @reference.read
(not_operator argument: (_) @value) @reference.read
