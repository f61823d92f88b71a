(function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @definition.function

((generator_function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @definition.function
  (#set! modifiers "generator"))

(class_declaration
  name: (_) @name
  body: (class_body) @body) @definition.class

; a function or class that is assigned takes the name of what it is assigned to
((variable_declarator
  name: (identifier) @name
  value: (parenthesized_expression
    (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own")
  (#set! receiver "outer"))

((variable_declarator
  name: (identifier) @name
  value: (parenthesized_expression
    (function_expression
      name: (identifier)? @inner
      parameters: (formal_parameters) @parameters
      body: (_) @body) @definition.function))
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (arrow_function
    parameters: (formal_parameters)? @parameters
    parameter: (identifier)? @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own")
  (#set! receiver "outer"))

((variable_declarator
  name: (identifier) @name
  value: (function_expression
    name: (identifier)? @inner
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own"))

((variable_declarator
  name: (identifier) @name
  value: (class
    name: (_)? @inner
    body: (class_body) @body) @definition.class)
  (#set! declares "own"))

((assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: (arrow_function
    parameters: (formal_parameters)? @parameters
    parameter: (identifier)? @parameters
    body: (_) @body) @definition.function)
  (#set! declares "nowhere")
  (#set! receiver "outer"))

((assignment_expression
  left: (identifier) @name
  right: (class
    !name
    body: (class_body) @body) @definition.class)
  (#set! declares "own"))

((assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: (class
    !name
    body: (class_body) @body) @definition.class)
  (#set! declares "nowhere"))

((pair
  key: (property_identifier) @name
  value: (class
    !name
    body: (class_body) @body) @definition.class)
  (#set! declares "nowhere"))

; the name that a function gives itself comes before that of the member it is put into
((assignment_expression
  left: (member_expression)
  right: (function_expression
    name: (identifier) @name
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own"))

((assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: (function_expression
    name: (identifier)? @inner
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "nowhere"))

((assignment_expression
  left: (identifier) @name
  right: (arrow_function
    parameters: (formal_parameters)? @parameters
    parameter: (identifier)? @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own")
  (#set! receiver "outer"))

((assignment_expression
  left: (identifier) @name
  right: (function_expression
    name: (identifier)? @inner
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own"))

((pair
  key: [(property_identifier) (string) (number) (computed_property_name)] @name
  value: (arrow_function
    parameters: (formal_parameters)? @parameters
    parameter: (identifier)? @parameters
    body: (_) @body) @definition.function)
  (#set! declares "nowhere")
  (#set! receiver "outer"))

((pair
  value: (function_expression
    name: (identifier) @name
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "own"))

((pair
  key: [(property_identifier) (string) (number) (computed_property_name)] @name
  value: (function_expression
    name: (identifier)? @inner
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "nowhere"))

; a method of an object literal is a function of its own
((object
  (method_definition
    name: (_) @name
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! declares "nowhere"))

((class_body
  (method_definition
    "static"
    name: (_) @name
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)
  (#set! receiver "class"))

(class_body
  (method_definition
    name: (_) @name
    parameters: (formal_parameters) @parameters
    body: (_) @body) @definition.function)

((class_static_block) @scope.function
  (#set! receiver "class"))

((function_expression
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (_) @body) @definition.function
  (#set! declares "own"))

(function_expression
  parameters: (formal_parameters) @parameters
  body: (_) @body) @definition.function

((generator_function
  parameters: (formal_parameters) @parameters
  body: (_) @body) @definition.function
  (#set! modifiers "generator"))

((arrow_function
  parameters: (formal_parameters)? @parameters
  parameter: (identifier)? @parameters
  body: (_) @body) @definition.function
  (#set! receiver "outer"))

((class
  name: (_) @name
  body: (class_body) @body) @definition.class
  (#set! declares "own"))

(class
  body: (class_body) @body) @definition.class

(statement_block) @scope.block
(for_statement) @scope.block
(for_in_statement) @scope.block
(catch_clause) @scope.block
(switch_body) @scope.block
