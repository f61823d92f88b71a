(call_expression function: (_) @callee) @reference.call
(new_expression constructor: (_) @callee) @reference.call

(template_substitution (_) @value) @reference.read
(expression_statement (member_expression) @value) @reference.read
(if_statement condition: (parenthesized_expression (_) @value)) @reference.read

(for_in_statement operator: "of" right: (_) @value) @reference.iterate
