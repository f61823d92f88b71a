(package_declaration (_) @name) @package

(class_declaration
  name: (_) @name
  superclass: (superclass (_) @base)?
  interfaces: (super_interfaces (type_list) @interfaces)?
  body: (_) @body) @definition.class

((record_declaration
  name: (_) @name
  interfaces: (super_interfaces (type_list) @interfaces)?
  body: (_) @body) @definition.class
  (#set! modifiers "record"))

(interface_declaration
  name: (_) @name
  (extends_interfaces (type_list) @bases)?
  body: (_) @body) @definition.interface

(annotation_type_declaration
  name: (_) @name
  body: (_) @body) @definition.interface

(enum_declaration
  name: (_) @name
  interfaces: (super_interfaces (type_list) @interfaces)?
  body: (_) @body) @definition.enum

((enum_constant name: (_) @name) @definition.constant
  (#set! holds "instance"))

((object_creation_expression
  type: (_) @base
  (class_body) @body @definition.class)
  (#set! name "<anonymous>"))

((enum_constant body: (class_body) @body @definition.class)
  (#set! name "<anonymous>")
  (#set! extends "around"))

(type_parameter
  (type_identifier) @name
  (type_bound (_) @type)?) @type_parameter

(constructor_declaration
  name: (_) @name
  parameters: (_) @parameters
  body: (_) @body) @definition.constructor

; the parameters of a compact constructor are those of the record
(record_declaration
  parameters: (_) @parameters
  body: (class_body (compact_constructor_declaration
    name: (_) @name
    body: (_) @body) @definition.constructor))

(method_declaration
  type: (_) @type
  name: (_) @name
  parameters: (_) @parameters
  body: (_)? @body) @definition.method

(annotation_type_element_declaration
  type: (_) @type
  name: (_) @name) @definition.method

(field_declaration
  type: (_) @type
  declarator: (variable_declarator
    name: (identifier) @name
    dimensions: (_)? @dimensions
    value: (_)? @value) @definition.field)

(constant_declaration
  type: (_) @type
  declarator: (variable_declarator
    name: (identifier) @name
    dimensions: (_)? @dimensions
    value: (_)? @value) @definition.field)

; a component is a field, and a method without parameters that returns it
((record_declaration
  parameters: (formal_parameters
    (formal_parameter
      type: (_) @type
      name: (identifier) @name) @definition.field))
  (#set! modifiers "component"))

(lambda_expression
  parameters: (_) @parameters
  body: (_) @body) @definition.function

(modifiers (marker_annotation) @decorate.around)
(modifiers (annotation) @decorate.around)

(block) @scope.block
(constructor_body) @scope.block
(for_statement) @scope.block
(enhanced_for_statement) @scope.block
(catch_clause) @scope.block
(try_with_resources_statement) @scope.block
(switch_block) @scope.block
(switch_rule) @scope.block
