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

(type_spec
  name: (type_identifier) @name
  type: (struct_type) @body) @definition.struct

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

(struct_type
  (field_declaration_list
    (field_declaration
      name: (field_identifier) @name
      type: (_) @type) @definition.field))

(interface_type
  (method_elem
    name: (field_identifier) @name
    parameters: (parameter_list) @parameters
    result: (_)? @type) @definition.method)

(const_spec name: (identifier) @name @definition.constant)

(block) @scope.block
(if_statement) @scope.block
(for_statement) @scope.block
(expression_case) @scope.block
(type_case) @scope.block
(communication_case) @scope.block
