(call function: (_) @callee) @reference.call

(type) @reference.type @value
(class_pattern (dotted_name) @value) @reference.type
(except_clause value: [(identifier) (attribute) (tuple)] @value) @reference.type
(except_clause value: (as_pattern . (_) @value)) @reference.type

(interpolation expression: (_) @value) @reference.read
(comparison_operator (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.read
(not_operator argument: (_) @value) @reference.read
