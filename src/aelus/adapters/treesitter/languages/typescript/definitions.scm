; a type that is said of a function leaves it its name
((variable_declarator
  name: (identifier) @name
  value: (satisfies_expression
    (function_expression
      parameters: (formal_parameters) @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (satisfies_expression
    (parenthesized_expression (function_expression
      parameters: (formal_parameters) @parameters
      body: (_) @body) @definition.function)))
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (satisfies_expression
    (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own")
  (#set! receiver "outer"))

((variable_declarator
  name: (identifier) @name
  value: (satisfies_expression
    (parenthesized_expression (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body) @definition.function)))
  (#set! declares "own")
  (#set! receiver "outer"))

((variable_declarator
  name: (identifier) @name
  value: (as_expression
    (function_expression
      parameters: (formal_parameters) @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (as_expression
    (parenthesized_expression (function_expression
      parameters: (formal_parameters) @parameters
      body: (_) @body) @definition.function)))
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (as_expression
    (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own")
  (#set! receiver "outer"))

((variable_declarator
  name: (identifier) @name
  value: (as_expression
    (parenthesized_expression (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body) @definition.function)))
  (#set! declares "own")
  (#set! receiver "outer"))

(class_heritage (extends_clause value: (_) @base)) @inherit.extends
(class_heritage (implements_clause (_) @base)) @inherit.implements

((abstract_class_declaration
  name: (_) @name
  body: (class_body) @body) @definition.class
  (#set! modifiers "abstract"))

; an interface that says only how it is called is a type of functions
(interface_declaration
  name: (_) @name
  body: (interface_body . [(call_signature) (construct_signature)] @type) @body) @definition.interface

(interface_declaration
  name: (_) @name
  body: (_) @body) @definition.interface

(extends_type_clause type: (_) @base) @inherit.extends

; an object type has members as an interface has them
(type_alias_declaration
  name: (_) @name
  value: [
    (object_type . [(property_signature) (method_signature) (index_signature name: (_))])
    (object_type . (comment) . [(property_signature) (method_signature) (index_signature name: (_))])
  ] @body) @definition.interface

(type_alias_declaration
  name: (_) @name
  value: (_) @type) @definition.alias

(enum_declaration
  name: (_) @name
  body: (enum_body) @body) @definition.enum

(enum_body name: (_) @name @definition.constant)
(enum_body (enum_assignment name: (_) @name value: (_) @value) @definition.constant)

; `namespace A.B {}` is B inside of A
([(expression_statement (internal_module name: (nested_identifier object: (identifier) @name)) @body)
  (export_statement declaration: (internal_module name: (nested_identifier object: (identifier) @name)) @body)
  (ambient_declaration (internal_module name: (nested_identifier object: (identifier) @name)) @body)] @definition.namespace
  (#set! joins "name"))

((internal_module
  name: (nested_identifier object: (identifier) property: (_) @name)
  body: (_) @body) @definition.namespace
  (#set! joins "name"))

((internal_module
  name: (_) @name
  body: (_) @body) @definition.namespace
  (#set! joins "name"))

((module
  name: (identifier) @name
  body: (_) @body) @definition.namespace
  (#set! joins "name"))

((class_body
  (public_field_definition
    "static"
    name: (_) @name
    value: (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body)) @definition.function)
  (#set! receiver "class"))

(class_body
  (public_field_definition
    name: (_) @name
    value: (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body)) @definition.function)

(class_body
  (public_field_definition
    name: (_) @name
    type: (_)? @type
    value: (_)? @value) @definition.field)

(class_body
  (abstract_method_signature
    name: (_) @name
    parameters: (formal_parameters) @parameters
    return_type: (_)? @type) @definition.method
  (#set! modifiers "abstract"))

((class_body
  (method_signature
    name: (_) @name
    parameters: (formal_parameters) @parameters
    return_type: (_)? @type) @definition.method)
  (#set! modifiers "overload"))

(interface_body
  (method_signature
    name: (_) @name
    parameters: (formal_parameters) @parameters
    return_type: (_)? @type) @definition.method)

(type_alias_declaration
  value: (object_type
    (method_signature
      name: (_) @name
      parameters: (formal_parameters) @parameters
      return_type: (_)? @type) @definition.method))

; what an object of the type has under any key
((interface_body
  (index_signature
    name: (_) @name
    type: (_) @type) @definition.field)
  (#set! prefix "[")
  (#set! suffix "]"))

(interface_body
  (property_signature
    name: (_) @name
    type: (_)? @type) @definition.field)

((type_alias_declaration
  value: (object_type
    (index_signature
      name: (_) @name
      type: (_) @type) @definition.field))
  (#set! prefix "[")
  (#set! suffix "]"))

(type_alias_declaration
  value: (object_type
    (property_signature
      name: (_) @name
      type: (_)? @type) @definition.field))

((function_signature
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  return_type: (_)? @type) @definition.function
  (#set! modifiers "overload"))

(required_parameter
  (accessibility_modifier)
  pattern: (identifier) @name
  type: (_)? @type) @property

(optional_parameter
  (accessibility_modifier)
  pattern: (identifier) @name
  type: (_)? @type) @property

(required_parameter
  . (decorator)* . "readonly"
  pattern: (identifier) @name
  type: (_)? @type) @property

(required_parameter
  . (decorator)* . (override_modifier)
  pattern: (identifier) @name
  type: (_)? @type) @property

(optional_parameter
  . (decorator)* . "readonly"
  pattern: (identifier) @name
  type: (_)? @type) @property

(optional_parameter
  . (decorator)* . (override_modifier)
  pattern: (identifier) @name
  type: (_)? @type) @property

(class_body (decorator) @decorate)
(public_field_definition (decorator) @decorate.around)
(class_declaration (decorator) @decorate.around)
(abstract_class_declaration (decorator) @decorate.around)
(export_statement (decorator) @decorate)

(type_parameter
  name: (type_identifier) @name
  constraint: (constraint (_) @type)) @type_parameter

(type_parameter
  name: (type_identifier) @name
  !constraint
  value: (default_type (_) @type)) @type_parameter

(type_parameter
  name: (type_identifier) @name
  !constraint
  !value) @type_parameter

