; the only namespace of a file is its package; of several (a block without a name is one), each is a region of its own beside the others
((namespace_definition name: (_) @name) @package
  (#set! count "one"))

((namespace_definition name: (_) @name) @definition.namespace @body
  (#set! count "several")
  (#set! modifiers "apart"))

(class_declaration
  name: (name) @name
  (base_clause)? @bases
  (class_interface_clause)? @interfaces
  body: (_) @body) @definition.class

(interface_declaration
  name: (name) @name
  (base_clause)? @bases
  body: (_) @body) @definition.interface

(trait_declaration
  name: (name) @name
  body: (_) @body) @definition.trait

(enum_declaration
  name: (name) @name
  (class_interface_clause)? @interfaces
  body: (_) @body) @definition.enum

((enum_case name: (name) @name) @definition.constant
  (#set! holds "instance"))

(anonymous_class
  (base_clause)? @bases
  (class_interface_clause)? @interfaces
  body: (_) @body) @definition.class

(use_declaration [(name) (qualified_name)] @base) @inherit.extends

; a function inside of another one is there for all once that has run
((function_definition
  body: (compound_statement
    (function_definition
      name: (name) @name
      parameters: (formal_parameters) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.function))
  (#set! variables "own")
  (#set! declares "file"))

((method_declaration
  body: (compound_statement
    (function_definition
      name: (name) @name
      parameters: (formal_parameters) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.function))
  (#set! variables "own")
  (#set! declares "file"))

((function_definition
  name: (name) @name
  parameters: (formal_parameters) @parameters
  return_type: (_)? @type
  body: (_) @body) @definition.function
  (#set! variables "own"))

((method_declaration
  name: (name) @name
  parameters: (formal_parameters) @parameters
  return_type: (_)? @type
  body: (_)? @body) @definition.method
  (#set! variables "own"))

(anonymous_function
  parameters: (formal_parameters) @parameters
  return_type: (_)? @type
  body: (_) @body) @definition.function

(arrow_function
  parameters: (formal_parameters) @parameters
  return_type: (_)? @type
  body: (_) @body) @definition.function

(property_declaration
  type: (_)? @type
  (property_element
    name: (variable_name (name) @name)
    default_value: (_)? @value)) @definition.field

(property_promotion_parameter
  type: (_)? @type
  name: (variable_name) @name) @property

(const_declaration
  (const_element
    . (name) @name
    (_)? @value)) @definition.constant

(attribute_list (attribute_group (attribute) @decorate.around))
