(compilation_unit (file_scoped_namespace_declaration name: (_) @name) @package)
(compilation_unit (namespace_declaration name: (_) @name) @package)

(namespace_declaration
  body: (declaration_list
    (namespace_declaration
      name: (_) @name
      body: (_) @body) @definition.namespace))

; the first namespace of a file is its package, further ones are beside it
((compilation_unit
  (namespace_declaration)
  (namespace_declaration
    name: (_) @name
    body: (_) @body) @definition.namespace)
  (#set! modifiers "apart"))

(class_declaration
  name: (identifier) @name
  (base_list)? @bases
  body: (_)? @body) @definition.class

((record_declaration
  name: (identifier) @name
  (base_list)? @bases
  body: (_)? @body) @definition.class
  (#set! modifiers "placed"))

(struct_declaration
  name: (identifier) @name
  (base_list)? @interfaces
  body: (_)? @body) @definition.struct

(interface_declaration
  name: (identifier) @name
  (base_list)? @bases
  body: (_)? @body) @definition.interface

(enum_declaration
  name: (identifier) @name
  body: (_)? @body) @definition.enum

((enum_member_declaration name: (identifier) @name) @definition.constant
  (#set! holds "instance"))

((delegate_declaration
  name: (identifier) @name) @definition.alias)

; the parameters of a primary constructor are fields
(class_declaration (parameter_list (parameter type: (_) @type name: (identifier) @name) @definition.field))
(record_declaration (parameter_list (parameter type: (_) @type name: (identifier) @name) @definition.field))
(struct_declaration (parameter_list (parameter type: (_) @type name: (identifier) @name) @definition.field))

; what runs before the class is used is called by nobody
((constructor_declaration
  (modifier) @when
  name: (identifier)
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! when "static")
  (#set! name ".cctor")
  (#set! declares "own"))

(constructor_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.constructor

((method_declaration
  returns: (_) @type
  name: (identifier) @name
  parameters: (parameter_list . (parameter (modifier) @when)) @parameters
  body: (_)? @body) @definition.method
  (#set! when "this")
  (#set! modifiers "extension"))

((method_declaration
  returns: (_) @type
  (explicit_interface_specifier)
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! modifiers "explicit"))

; what an interface has itself
((interface_declaration
  body: (declaration_list
    (method_declaration
      returns: (_) @type
      name: (identifier) @name
      parameters: (parameter_list) @parameters
      body: (_) @body) @definition.method))
  (#set! modifiers "default"))

(method_declaration
  returns: (_) @type
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method

((destructor_declaration
  name: (identifier)
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! declares "own"))

((operator_declaration
  type: (_) @type
  operator: ["true" "false"] @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! prefix "operator "))

; an operator is found by the types of its operands
((operator_declaration
  type: (_) @type
  operator: _ @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! prefix "operator ")
  (#set! modifiers "friend")
  (#set! declares "own"))

((conversion_operator_declaration
  "implicit"
  type: (_) @type
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! name "operator")
  (#set! modifiers "implicit")
  (#set! declares "own"))

((conversion_operator_declaration
  type: (_) @type
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.method
  (#set! name "operator")
  (#set! declares "own"))

((local_function_statement
  type: (_) @type
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  body: (_)? @body) @definition.function)

; a property with code is a method that runs when it is read or assigned
((property_declaration
  type: (_) @type
  name: (identifier) @name
  value: (arrow_expression_clause) @body) @definition.method
  (#set! modifiers "property"))

((property_declaration
  type: (_) @type
  name: (identifier) @name
  accessors: (accessor_list (accessor_declaration body: (_))) @body) @definition.method
  (#set! modifiers "property setter"))

((event_declaration
  type: (_) @type
  name: (identifier) @name
  accessors: (accessor_list (accessor_declaration body: (_))) @body) @definition.method
  (#set! modifiers "setter"))

; one without is a field that has accessors all the same
((property_declaration
  type: (_) @type
  name: (identifier) @name
  value: (_)? @value) @definition.field
  (#set! modifiers "accessors"))

((indexer_declaration
  type: (_) @type
  "this"
  parameters: (_) @parameters
  accessors: (_)? @body
  value: (_)? @body) @definition.method
  (#set! name "this[]"))

(field_declaration
  (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @name
      (_)? @value) @definition.field))

((event_field_declaration
  (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @name
      (_)? @value) @definition.field))
  (#set! modifiers "accessors"))

(lambda_expression
  parameters: (_) @parameters
  body: (_) @body) @definition.function

(anonymous_method_expression
  parameters: (_) @parameters
  (block) @body) @definition.function

((anonymous_method_expression (block) @body) @definition.function
  (#set! modifiers "unlisted"))

(attribute_list) @decorate.around

(type_parameter name: (identifier) @name) @type_parameter
(type_parameter_constraints_clause
  . (identifier) @name
  (type_parameter_constraint type: (_) @type)) @type_parameter

(block) @scope.block
(for_statement) @scope.block
(foreach_statement) @scope.block
(using_statement) @scope.block
(catch_clause) @scope.block
(switch_section) @scope.block
(switch_expression_arm) @scope.block
(accessor_declaration ["set" "init" "add" "remove"]) @scope.block
