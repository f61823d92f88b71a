(function_call_expression function: (_) @callee) @reference.call
(member_call_expression name: (_) @callee) @reference.call
(nullsafe_member_call_expression name: (_) @callee) @reference.call
(scoped_call_expression name: (_) @callee) @reference.call
(object_creation_expression . (_) @callee) @reference.call

(named_type (_) @value) @reference.type
(base_clause (_) @value) @reference.type
(class_interface_clause (_) @value) @reference.type
(binary_expression operator: "instanceof" right: [(name) (qualified_name)] @value) @reference.type
(class_constant_access_expression . [(name) (qualified_name)] @reference.type @value)
(scoped_call_expression scope: [(name) (qualified_name)] @reference.type @value)
(scoped_property_access_expression scope: [(name) (qualified_name)] @reference.type @value)

(subscript_expression) @reference.operation
(binary_expression (_) @value) @reference.read
(echo_statement (_) @value) @reference.read
(case_statement value: (_) @value) @reference.read
(match_condition_list (_) @value) @reference.read
(array_element_initializer . (_) @value . (_)) @reference.read
(member_access_expression object: (class_constant_access_expression) @value) @reference.read
(parenthesized_expression (variable_name) @value) @reference.read

(foreach_statement . (_) @value) @reference.iterate
((foreach_statement . (_) @value . (pair)) @reference.iterate
  (#set! modifiers "keyed"))

; whether something is there
((function_call_expression
  function: (name) @when
  arguments: (arguments (argument [(subscript_expression) (member_access_expression) (nullsafe_member_access_expression)] @value))) @reference.exists
  (#set! when "isset")
  (#set! alone "yes"))
((function_call_expression
  function: (name) @when
  arguments: (arguments (argument [(subscript_expression) (member_access_expression) (nullsafe_member_access_expression)] @value))) @reference.exists
  (#set! when "empty"))
(binary_expression
  left: [(subscript_expression) (member_access_expression) (nullsafe_member_access_expression)] @value
  operator: "??") @reference.exists
(unset_statement (_) @value) @reference.delete

; what runs where a text or a copy is made of an object
(encapsed_string [(variable_name) (member_access_expression)] @value) @reference.format
(heredoc_body [(variable_name) (member_access_expression)] @value) @reference.format
(echo_statement [(variable_name) (member_access_expression)] @value) @reference.format
((cast_expression type: (cast_type) @when value: (_) @value) @reference.format
  (#set! when "string"))
(binary_expression
  left: [(variable_name) (member_access_expression)] @value
  operator: ".") @reference.format
(binary_expression
  operator: "."
  right: [(variable_name) (member_access_expression)] @value) @reference.format
(clone_expression (_) @value) @reference.copy
