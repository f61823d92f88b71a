(call_expression function: (_) @callee) @reference.call
(composite_literal type: [(type_identifier) (qualified_type) (generic_type)] @callee) @reference.call

(type_conversion_expression type: (generic_type type: (_) @callee)) @reference.call

(parameter_declaration type: (_) @reference.type @value)
(field_declaration type: (_) @reference.type @value)
(var_spec type: (_) @reference.type @value)
(function_declaration result: (_) @reference.type @value)
(method_declaration result: (_) @reference.type @value)
(type_assertion_expression type: (_) @reference.type @value)

(range_clause right: (_) @value) @reference.iterate
(binary_expression (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.read
(selector_expression operand: (identifier) @value) @reference.read
(index_expression operand: (identifier) @value) @reference.read
(index_expression index: (_) @value) @reference.read
(expression_case value: (expression_list (_) @value)) @reference.read
(expression_switch_statement value: (_) @value) @reference.read
(composite_literal
  type: [(map_type) (slice_type) (array_type) (implicit_length_array_type)]
  body: (literal_value (keyed_element key: (literal_element (_) @value)))) @reference.read

(const_spec type: (_) @reference.type @value)
(type_case type: (_) @reference.type @value)
(func_literal result: (_) @reference.type @value)
(method_elem result: (_) @reference.type @value)
(composite_literal type: [(map_type) (slice_type) (array_type) (implicit_length_array_type)] @reference.type @value)
(argument_list [(map_type) (slice_type) (array_type) (pointer_type) (channel_type) (generic_type)] @reference.type @value)
(type_arguments (_) @reference.type @value)
(type_constraint (_) @reference.type @value)
(variadic_parameter_declaration type: (_) @reference.type @value)
(type_conversion_expression type: (_) @reference.type @value)
(type_spec type: [(map_type) (slice_type) (array_type) (channel_type) (function_type) (generic_type) (pointer_type)] @reference.type @value)

; what is made without a literal
((call_expression
  function: (identifier) @when
  arguments: (argument_list . [(type_identifier) (qualified_type) (generic_type)] @type)) @reference.construct
  (#set! when "new|make"))
