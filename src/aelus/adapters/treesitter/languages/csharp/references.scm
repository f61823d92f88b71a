(invocation_expression function: (_) @callee) @reference.call
(object_creation_expression type: (_) @callee) @reference.call
(implicit_object_creation_expression "new" @callee) @reference.call
(constructor_initializer ["base" "this"] @callee) @reference.call

(parameter type: (_) @reference.type @value)
(variable_declaration type: (_) @reference.type @value)
(property_declaration type: (_) @reference.type @value)
(method_declaration returns: (_) @reference.type @value)
(cast_expression type: (_) @reference.type @value)
(declaration_pattern type: (_) @reference.type @value)
(catch_declaration type: (_) @reference.type @value)
(typeof_expression type: (_) @reference.type @value)
(is_expression right: (_) @reference.type @value)
(as_expression right: (_) @reference.type @value)
(recursive_pattern type: (_) @reference.type @value)
(default_expression type: (_) @reference.type @value)
(array_creation_expression type: (_) @reference.type @value)
(foreach_statement type: (_) @reference.type @value)
(local_function_statement type: (_) @reference.type @value)
(indexer_declaration type: (_) @reference.type @value)
(event_declaration type: (_) @reference.type @value)
(delegate_declaration type: (_) @reference.type @value)
(operator_declaration type: (_) @reference.type @value)
(conversion_operator_declaration type: (_) @reference.type @value)
(type_parameter_constraint type: (_) @reference.type @value)
(type_argument_list (_) @reference.type @value)
(constant_pattern (_) @value) @reference.read

(interpolation (_) @value) @reference.read
(interpolation (_) @value) @reference.format

; what is added to a text
(binary_expression left: [(string_literal) (verbatim_string_literal) (interpolated_string_expression)] "+" right: (_) @value) @reference.format
(binary_expression left: (binary_expression left: (string_literal) "+") "+" right: (_) @value) @reference.format
(binary_expression left: (_) @value "+" right: (string_literal)) @reference.format
(binary_expression (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.read
(if_statement condition: (_) @value) @reference.truth
(while_statement condition: (_) @value) @reference.truth
(do_statement condition: (_) @value) @reference.truth
(for_statement condition: (_) @value) @reference.truth
(conditional_expression condition: (_) @value) @reference.truth
(prefix_unary_expression "!" (_) @value) @reference.read

; `T x = new(…)`
((variable_declaration
  type: (_) @type
  (variable_declarator (implicit_object_creation_expression (argument_list) @arguments))) @reference.construct)
((property_declaration
  type: (_) @type
  value: (implicit_object_creation_expression (argument_list) @arguments)) @reference.construct)

; what is stored in it while it is made
((variable_declaration
  type: [(generic_name) (qualified_name)] @type
  (variable_declarator (implicit_object_creation_expression (initializer_expression)) @value)) @reference.expect)
((property_declaration
  type: [(generic_name) (qualified_name)] @type
  value: (implicit_object_creation_expression (initializer_expression)) @value) @reference.expect)

; what a collection is made of is added to it
(object_creation_expression initializer: (initializer_expression (_) @value)) @reference.fill
(implicit_object_creation_expression (initializer_expression (_) @value)) @reference.fill

(element_access_expression) @reference.operation
(conditional_access_expression (element_binding_expression)) @reference.operation
(binary_expression) @reference.operation
(prefix_unary_expression) @reference.operation
(postfix_unary_expression) @reference.operation
(assignment_expression) @reference.operation
(foreach_statement right: (_) @value) @reference.iterate
(foreach_statement right: "this" @value) @reference.iterate

(primary_constructor_base_type
  type: (_) @callee
  (argument_list) @arguments) @reference.initialize

; what is disposed of at the end
(using_statement "await"? @awaits "using" (variable_declaration (variable_declarator name: (identifier) @value))) @reference.enter
(local_declaration_statement "await"? @awaits "using" (variable_declaration (variable_declarator name: (identifier) @value))) @reference.enter
(using_statement "await"? @awaits "using" . "(" . (_) @value . ")") @reference.enter

; a value for a place of another type may run an operator that converts
((variable_declaration
  type: [(identifier) (qualified_name) (generic_name) (nullable_type)]
  (variable_declarator
    name: (identifier) @target
    [(identifier) (invocation_expression) (member_access_expression) (element_access_expression)
     (integer_literal) (real_literal) (string_literal) (binary_expression) (object_creation_expression)] @value)) @reference.place
  (#set! of "declaration")
  (#set! any "yes"))
((variable_declaration
  type: (predefined_type)
  (variable_declarator
    name: (identifier) @target
    [(identifier) (invocation_expression) (member_access_expression) (element_access_expression)] @value)) @reference.place
  (#set! of "declaration")
  (#set! any "yes"))
((expression_statement
  (assignment_expression
    left: (_) @target "="
    right: [(identifier) (invocation_expression) (member_access_expression) (element_access_expression)
      (integer_literal) (real_literal) (string_literal) (binary_expression)] @value) @reference.place)
  (#set! of "assignment"))
((return_statement
  [(identifier) (invocation_expression) (member_access_expression) (element_access_expression)
   (integer_literal) (real_literal) (string_literal) (binary_expression) (object_creation_expression)] @value) @reference.place
  (#set! of "result")
  (#set! any "yes"))
((arrow_expression_clause
  [(identifier) (invocation_expression) (member_access_expression) (element_access_expression)
   (integer_literal) (real_literal) (string_literal) (binary_expression) (object_creation_expression)] @value) @reference.place
  (#set! of "result")
  (#set! any "yes"))
((cast_expression type: (_) @type value: (_) @value) @reference.place
  (#set! of "cast")
  (#set! any "yes"))
