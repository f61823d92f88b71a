(call_expression function: (_) @callee) @reference.call
(preproc_function_def value: (preproc_arg) @value) @reparse

(type_identifier) @reference.type @value

(declaration
  type: (_) @type
  declarator: (init_declarator value: (initializer_list) @arguments)) @reference.construct

(if_statement condition: (_) @value) @reference.read
(binary_expression (identifier) @value) @reference.read
(field_expression argument: (_) @value) @reference.read

(compound_literal_expression type: (_) @type value: (initializer_list) @arguments) @reference.construct
