(_ local_declaration: (function_declaration
  name: (identifier) @name
  parameters: (parameters) @parameters
  body: (_)? @body) @definition.function)

; a function's name may be a variable that is declared elsewhere, or a field
((function_declaration
  name: (identifier) @name @target
  parameters: (parameters) @parameters
  body: (_)? @body) @definition.function)

((function_declaration
  name: (dot_index_expression table: (_) @receiver field: (identifier) @name) @target
  parameters: (parameters) @parameters
  body: (_)? @body) @definition.function)

((function_declaration
  name: (method_index_expression table: (_) @receiver method: (identifier) @name) @target
  parameters: (parameters) @parameters
  body: (_)? @body) @definition.method
  (#set! self "self"))

; a function that is assigned takes the name of what it is assigned to
((assignment_statement
  (variable_list . name: (identifier) @name .)
  (expression_list . value: (function_definition
    parameters: (parameters) @parameters
    body: (_)? @body) @definition.function .))
  (#set! declares "nowhere"))

((assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @receiver field: (identifier) @name) .)
  (expression_list . value: (function_definition
    parameters: (parameters) @parameters
    body: (_)? @body) @definition.function .))
  (#set! declares "nowhere"))

((field
  name: (identifier) @name
  value: (function_definition
    parameters: (parameters) @parameters
    body: (_)? @body) @definition.function)
  (#set! declares "nowhere"))

((function_definition
  parameters: (parameters) @parameters
  body: (_)? @body) @definition.function)

(block) @scope.block
(for_statement) @scope.block
