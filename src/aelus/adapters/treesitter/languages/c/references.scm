(call_expression function: (_) @callee) @reference.call
(preproc_function_def value: (preproc_arg) @value) @reparse

(type_identifier) @reference.type @value

(declaration
  type: (_) @type
  declarator: (init_declarator value: (initializer_list) @arguments)) @reference.construct

(if_statement condition: (_) @value) @reference.read
(binary_expression (identifier) @value) @reference.read
(field_expression argument: (_) @value) @reference.read
(subscript_expression (identifier) @value) @reference.read
(case_statement value: (_) @value) @reference.read
(switch_statement condition: (_) @value) @reference.read
(while_statement condition: (_) @value) @reference.read
(for_statement condition: (identifier) @value) @reference.read
(update_expression argument: (identifier) @value) @reference.read
(unary_expression argument: (identifier) @value) @reference.read
(sizeof_expression value: (parenthesized_expression (identifier) @value)) @reference.read

(compound_literal_expression type: (_) @type value: (initializer_list) @arguments) @reference.construct
