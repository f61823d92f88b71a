(new_expression type: (_) @callee) @reference.call
(user_defined_literal (literal_suffix) @callee) @reference.call
(binary_expression) @reference.operation
(assignment_expression) @reference.operation
(field_initializer
  [(field_identifier) (template_method) (qualified_identifier)] @callee
  [(argument_list) (initializer_list)] @arguments) @reference.initialize
(unary_expression) @reference.operation
(for_range_loop right: (_) @value) @reference.iterate
(update_expression) @reference.operation
(subscript_expression) @reference.operation

(qualified_identifier name: (type_identifier)) @reference.type @value
(template_type) @reference.type @value

(declaration
  type: (_) @type
  declarator: (init_declarator value: (argument_list) @arguments)) @reference.construct
(declaration
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: [(identifier) (array_declarator declarator: (identifier))]) @reference.construct

; `T x = 1` converts
(declaration
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: (init_declarator
    declarator: (identifier)
    value: [(string_literal) (concatenated_string) (number_literal) (char_literal) (true) (false)] @value)) @reference.construct

(compound_statement
  (declaration
    type: [(type_identifier) (qualified_identifier) (template_type)] @type
    declarator: (function_declarator
      declarator: (identifier)
      parameters: (parameter_list . (parameter_declaration type: [(type_identifier) (qualified_identifier)] !declarator)) @arguments)) @reference.construct)

(throw_statement (_) @value) @reference.read
(subscript_argument_list (identifier) @value) @reference.read

(delete_expression (_) @value) @reference.destroy

; at the end of its block, a variable is destroyed that lives there
(compound_statement
  (declaration
    . (type_qualifier)?
    . type: [(type_identifier) (qualified_identifier) (template_type) (placeholder_type_specifier)]
    declarator: [
      (identifier) @value
      (init_declarator declarator: (identifier) @value)
      (function_declarator
        declarator: (identifier) @value
        parameters: (parameter_list . (parameter_declaration type: [(type_identifier) (qualified_identifier)] !declarator)))])) @reference.leave

(if_statement condition: (condition_clause value: (_) @value)) @reference.truth
(while_statement condition: (condition_clause value: (_) @value)) @reference.truth
(do_statement condition: (_) @value) @reference.truth
(for_statement condition: (_) @value) @reference.truth
(conditional_expression condition: (_) @value) @reference.truth
(unary_expression operator: "!" argument: (_) @value) @reference.truth
(binary_expression left: (_) @value operator: ["&&" "||"]) @reference.truth
(binary_expression operator: ["&&" "||"] right: (_) @value) @reference.truth

(pointer_expression operator: "*" argument: (_) @value) @reference.pointed
(call_expression function: (field_expression argument: (_) @value operator: "->")) @reference.stands_for

((return_statement (initializer_list) @arguments) @reference.construct
  (#set! of "result"))

; what comes to a place of a class may run its `operator=`, a constructor that copies, or a conversion
((assignment_expression left: (_) @target operator: "=" right: (_) @value) @reference.place
  (#set! of "assignment"))
((declaration
  type: [(type_identifier) (qualified_identifier) (template_type) (primitive_type) (sized_type_specifier)]
  declarator: (init_declarator
    declarator: [(identifier) @target (pointer_declarator declarator: (identifier) @target)]
    value: [(identifier) (call_expression) (field_expression) (pointer_expression) (subscript_expression)] @value)) @reference.place
  (#set! of "declaration"))
((return_statement
  [(identifier) (call_expression) (field_expression) (pointer_expression) (subscript_expression)] @value) @reference.place
  (#set! of "result"))
((call_expression function: (template_function) arguments: (argument_list . (_) @value .)) @reference.place
  (#set! of "cast"))
