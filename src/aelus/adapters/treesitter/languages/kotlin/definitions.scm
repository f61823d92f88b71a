(package_header (identifier) @name) @package

(class_declaration
  "interface"
  (type_identifier) @name
  (class_body)? @body) @definition.interface

(class_declaration
  "enum"
  (type_identifier) @name
  (enum_class_body)? @body) @definition.enum

; what a class of data has stands at places
((class_declaration
  (modifiers (class_modifier) @when)
  (type_identifier) @name
  (class_body)? @body) @definition.class
  (#set! when "data")
  (#set! modifiers "placed"))

(class_declaration
  (type_identifier) @name
  (class_body)? @body) @definition.class

; its name stands for its only instance, too
((object_declaration
  (type_identifier) @name
  (class_body)? @body) @definition.class
  (#set! modifiers "object"))

(object_literal
  (class_body)? @body) @definition.class

; the class itself under the name of its companion
((companion_object (type_identifier) @name) @definition.constant
  (#set! holds "class"))

((companion_object . (class_body)) @definition.constant
  (#set! name "Companion")
  (#set! holds "class"))

(delegation_specifier (_) @base) @inherit.extends

((enum_entry (class_body) @body @definition.class)
  (#set! name "<anonymous>")
  (#set! extends "around"))

((enum_entry (simple_identifier) @name) @definition.constant
  (#set! holds "instance"))

(type_alias (type_identifier) @name (_) @type .) @definition.alias

(type_parameter (type_identifier) @name (_)? @type) @type_parameter

((primary_constructor) @parameters @definition.constructor
  (#set! name "constructor"))

((secondary_constructor
  (function_value_parameters) @parameters
  (statements)? @body) @definition.constructor
  (#set! name "constructor"))

(class_parameter (simple_identifier) @name . (_)? @type) @property

((companion_object
  (class_body
    (function_declaration
      (simple_identifier) @name
      (function_value_parameters) @parameters
      [(user_type) (nullable_type) (function_type) (parenthesized_type)]? @type
      (function_body)? @body) @definition.function))
  (#set! modifiers "static"))

; what an interface has itself
((class_declaration
  "interface"
  (class_body
    (function_declaration
      (simple_identifier) @name
      (function_value_parameters) @parameters
      [(user_type) (nullable_type) (function_type) (parenthesized_type)]? @type
      (function_body) @body) @definition.function))
  (#set! modifiers "default"))

; extensions stand outside of their type, which alone says what is called
((function_declaration
  receiver: (receiver_type) @receiver
  (simple_identifier) @name
  (function_value_parameters) @parameters
  [(user_type) (nullable_type) (function_type) (parenthesized_type)]? @type
  (function_body)? @body) @definition.function
  (#set! modifiers "outside"))

(function_declaration
  (simple_identifier) @name
  (function_value_parameters) @parameters
  [(user_type) (nullable_type) (function_type) (parenthesized_type)]? @type
  (function_body)? @body) @definition.function

((property_declaration
  receiver: (receiver_type) @receiver
  (variable_declaration (simple_identifier) @name (_)? @type)
  (getter (function_body) @body)) @definition.method
  (#set! modifiers "property outside"))

((source_file
  (property_declaration
    receiver: (receiver_type) @receiver
    (variable_declaration (simple_identifier) @name (_)? @type))
  . (getter (function_body) @body) @definition.method)
  (#set! modifiers "property outside"))

((source_file
  (property_declaration
    receiver: (receiver_type) @receiver
    (variable_declaration (simple_identifier) @name (_)?))
  . (getter)?
  . (setter
    (parameter_with_optional_type) @parameters
    (function_body) @body) @definition.method)
  (#set! modifiers "setter outside"))

; a property with code is a method that runs when it is read; outside of classes a function
((source_file
  (property_declaration
    (variable_declaration (simple_identifier) @name (_)? @type)
    (getter (function_body) @body)) @definition.function)
  (#set! modifiers "computed"))

((source_file
  (property_declaration (variable_declaration (simple_identifier) @name (_)? @type))
  . (getter (function_body) @body) @definition.function)
  (#set! modifiers "computed"))

((property_declaration
  (variable_declaration (simple_identifier) @name (_)? @type)
  (getter (function_body) @body)) @definition.method
  (#set! modifiers "property"))

; on a line of its own the grammar has the code beside the property
((class_body
  (property_declaration (variable_declaration (simple_identifier) @name (_)? @type))
  . (getter (function_body) @body) @definition.method)
  (#set! modifiers "property"))

((class_body
  (property_declaration (variable_declaration (simple_identifier) @name (_)?))
  . (getter)?
  . (setter
    (parameter_with_optional_type) @parameters
    (function_body) @body) @definition.method)
  (#set! modifiers "setter"))

((class_body
  (property_declaration
    (variable_declaration (simple_identifier) @name (_)? @type)
    . (property_delegate) @value) @definition.field)
  (#set! modifiers "delegated"))

(class_body
  (property_declaration
    (variable_declaration (simple_identifier) @name (_)? @type)
    . (_)? @value) @definition.field)

(source_file
  (property_declaration
    (variable_declaration (simple_identifier) @name (_)? @type)
    . (_)? @value) @definition.variable)

((lambda_literal
  (lambda_parameters) @parameters
  (statements)? @body) @definition.function)

((lambda_literal (statements)? @body) @definition.function
  (#set! self "it"))

(anonymous_function
  (function_value_parameters) @parameters
  [(user_type) (nullable_type)]? @type
  (function_body)? @body) @definition.function

(modifiers (annotation) @decorate.around)

(control_structure_body) @scope.block
(for_statement) @scope.block
(when_expression) @scope.block
(when_entry) @scope.block
(catch_block) @scope.block
(try_expression) @scope.block
