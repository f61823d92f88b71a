(function_call name: (_) @callee) @reference.call
(binary_expression) @reference.operation
(unary_expression) @reference.operation

(if_statement condition: (_) @value) @reference.read
(while_statement condition: (_) @value) @reference.read
(elseif_statement condition: (_) @value) @reference.read
(bracket_index_expression) @reference.operation

((variable_declaration
  (assignment_statement
    (variable_list attribute: (attribute (identifier) @when))
    (expression_list value: (_) @value))) @reference.operation
  (#set! when "close")
  (#set! calls "__close"))
