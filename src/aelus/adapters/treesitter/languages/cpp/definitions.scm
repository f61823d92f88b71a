(namespace_definition
  name: (_) @name
  body: (declaration_list) @body) @definition.namespace

(template_declaration
  (class_specifier
    name: [(type_identifier) @name (template_type name: (type_identifier) @name) (qualified_identifier) @name]
    body: (_) @body)) @definition.class

(template_declaration
  (struct_specifier
    name: [(type_identifier) @name (template_type name: (type_identifier) @name) (qualified_identifier) @name]
    body: (_) @body)) @definition.struct

(class_specifier
  name: [(type_identifier) @name (template_type name: (type_identifier) @name) (qualified_identifier) @name]
  body: (_) @body) @definition.class

(struct_specifier name: (template_type name: (type_identifier) @name) body: (_) @body) @definition.struct

(struct_specifier
  name: (qualified_identifier) @name
  body: (_) @body) @definition.struct

(base_class_clause [(type_identifier) (qualified_identifier) (template_type)] @base) @inherit.extends

((template_declaration
  (function_definition
    type: (_)? @type
    declarator: (_) @declarator
    body: (_) @body)) @definition.function
  (#set! of "function"))

((function_definition
  type: (_)? @type
  declarator: (_) @declarator
  (delete_method_clause)) @definition.function
  (#set! of "function")
  (#set! modifiers "deleted"))
((function_definition
  type: (_)? @type
  declarator: (_) @declarator
  (default_method_clause)) @definition.function
  (#set! of "function")
  (#set! modifiers "defaulted"))

; conversions: `operator bool() const`
((function_definition
  declarator: (operator_cast
    type: (_) @name @type
    declarator: [
      (abstract_function_declarator parameters: (_) @parameters)
      (_ declarator: (abstract_function_declarator parameters: (_) @parameters))])
  body: (_) @body) @definition.function
  (#set! prefix "operator "))

((function_definition
  declarator: (qualified_identifier
    scope: (_) @receiver
    name: (operator_cast
      type: (_) @name @type
      declarator: [
        (abstract_function_declarator parameters: (_) @parameters)
        (_ declarator: (abstract_function_declarator parameters: (_) @parameters))]))
  body: (_) @body) @definition.function
  (#set! prefix "operator "))

((declaration
  declarator: (operator_cast
    type: (_) @name @type
    declarator: [
      (abstract_function_declarator parameters: (_) @parameters)
      (_ declarator: (abstract_function_declarator parameters: (_) @parameters))])) @definition.function
  (#set! prefix "operator ")
  (#set! modifiers "declaration"))

((field_declaration
  type: (_) @type
  declarator: (_) @declarator @definition.function) @whole
  (#set! of "function")
  (#set! modifiers "declaration"))

((declaration
  !type
  declarator: (_) @declarator @definition.function) @whole
  (#set! of "function")
  (#set! modifiers "declaration"))

(type_definition
  type: [(qualified_identifier) (template_type)] @type
  declarator: (_) @declarator) @definition.alias

; a pointer to a function is no instance of its result
(alias_declaration
  name: (type_identifier) @name
  type: (type_descriptor
    declarator: [
      (abstract_function_declarator)
      (abstract_pointer_declarator declarator: (abstract_function_declarator))
      (abstract_reference_declarator (abstract_function_declarator))])) @definition.alias
(alias_declaration name: (type_identifier) @name type: (_) @type) @definition.alias

((lambda_expression
  declarator: (_ parameters: (_) @parameters)?
  body: (_) @body) @definition.function
  (#set! head "outside"))

(template_parameter_list
  [(type_parameter_declaration (type_identifier) @name)
   (optional_type_parameter_declaration name: (type_identifier) @name)
   (variadic_type_parameter_declaration (type_identifier) @name)] @type_parameter)

(access_specifier) @section

(for_range_loop) @scope.block
(catch_clause) @scope.block
(if_statement) @scope.block
