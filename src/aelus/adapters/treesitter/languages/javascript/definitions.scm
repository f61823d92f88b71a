(class_heritage (_) @base) @inherit.extends

((class_body
  (field_definition
    "static"
    property: (_) @name
    value: (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body)) @definition.function)
  (#set! receiver "class"))

(class_body
  (field_definition
    property: (_) @name
    value: (arrow_function
      parameters: (formal_parameters)? @parameters
      parameter: (identifier)? @parameters
      body: (_) @body)) @definition.function)

(class_body
  (field_definition
    property: (_) @name
    value: (_)? @value) @definition.field)

(class_declaration (decorator) @decorate.around)
