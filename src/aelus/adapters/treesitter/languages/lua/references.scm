(function_call name: (_) @callee) @reference.call
(binary_expression) @reference.operation
(unary_expression) @reference.operation

(if_statement condition: (_) @value) @reference.read
(while_statement condition: (_) @value) @reference.read
(elseif_statement condition: (_) @value) @reference.read
