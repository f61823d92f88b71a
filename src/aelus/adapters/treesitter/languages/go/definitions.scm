(package_clause (package_identifier) @name) @package

(function_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  result: (_)? @type
  body: (block)? @body) @definition.function

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      name: (_)? @self
      type: (_) @receiver))
  name: (field_identifier) @name
  parameters: (parameter_list) @parameters
  result: (_)? @type
  body: (block)? @body) @definition.method

(func_literal
  parameters: (parameter_list) @parameters
  result: (_)? @type
  body: (block) @body) @definition.function

((type_spec
  name: (type_identifier) @name
  type: (struct_type) @body) @definition.struct
  (#set! modifiers "placed"))

(type_spec
  name: (type_identifier) @name
  type: (interface_type) @body) @definition.interface

(type_spec
  name: (type_identifier) @name
  type: (_) @base) @definition.struct

(type_alias
  name: (type_identifier) @name
  type: (_) @type) @definition.alias

; an embedded type lends its methods
(struct_type
  (field_declaration_list
    (field_declaration
      !name
      type: (_) @base) @inherit.extends))

(interface_type (type_elem . (_) @base .) @inherit.extends)

(field_declaration
  name: (field_identifier) @name @definition.field
  type: (_) @type)

; an embedded type is a field of its name
(field_declaration
  !name
  type: [
    (type_identifier) @name
    (qualified_type name: (type_identifier) @name)
    (generic_type type: (type_identifier) @name)] @type) @definition.field

; types without a name
((struct_type (field_declaration_list . (field_declaration))) @definition.struct @body
  (#set! modifiers "placed"))
(interface_type . (method_elem)) @definition.interface @body

(type_parameter_declaration
  name: (identifier) @name
  type: (type_constraint . (_) @type .)) @type_parameter

(type_parameter_declaration name: (identifier) @name) @type_parameter

; the type parameters of a method's receiver
(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (generic_type type_arguments: (type_arguments (type_elem (type_identifier) @name)))
        (pointer_type (generic_type type_arguments: (type_arguments (type_elem (type_identifier) @name))))])) @type_parameter)

(interface_type
  (method_elem
    name: (field_identifier) @name
    parameters: (parameter_list) @parameters
    result: (_)? @type) @definition.method)

((const_spec
  name: (identifier) @name @definition.constant
  type: (_)? @type)
  (#set! repeats "type"))

(block) @scope.block
(if_statement) @scope.block
(for_statement) @scope.block
(expression_case) @scope.block
(type_case) @scope.block
(communication_case) @scope.block
(type_switch_statement) @scope.block
