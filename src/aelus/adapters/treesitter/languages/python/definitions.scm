; methods of the class without being decorated
((function_definition
  name: (identifier) @name @when
  parameters: (parameters) @parameters
  return_type: (_)? @type
  body: (block) @body) @definition.function
  (#set! when "__new__|__class_getitem__") (#set! modifiers "classmethod"))

(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters
  return_type: (_)? @type
  body: (block) @body) @definition.function

(class_definition
  name: (identifier) @name
  superclasses: (argument_list)? @bases
  body: (block) @body) @definition.class

(lambda
  parameters: (_)? @parameters
  body: (_) @body) @definition.function

(type_alias_statement
  left: (type [(identifier) @name (generic_type . (identifier) @name)])
  right: (type) @type) @definition.alias

(decorated_definition (decorator) @decorate)

(list_comprehension) @scope.block
(set_comprehension) @scope.block
(dictionary_comprehension) @scope.block
(generator_expression) @scope.block

; def f[T: Bound](x: T), class C[T]
(function_definition type_parameters: (type_parameter
  (type [(identifier) @name (constrained_type . (type (identifier) @name) (type) @type)]) @type_parameter))
(class_definition type_parameters: (type_parameter
  (type [(identifier) @name (constrained_type . (type (identifier) @name) (type) @type)]) @type_parameter))
