(mod_item
  name: (identifier) @name
  body: (declaration_list) @body) @definition.namespace

(struct_item name: (type_identifier) @name body: (_)? @body) @definition.struct
(union_item name: (type_identifier) @name body: (_)? @body) @definition.struct
(enum_item name: (type_identifier) @name body: (_) @body) @definition.enum
(trait_item
  name: (type_identifier) @name
  bounds: (trait_bounds)? @bases
  body: (_) @body) @definition.trait

; what an implementation calls a type that the trait leaves to it is a name behind `Self::` alone
((impl_item
  trait: (_) @of
  type: (_) @implementing
  body: (declaration_list
    (type_item name: (type_identifier) @name type: (_) @type) @definition.alias))
  (#set! bare "no"))
((impl_item
  body: (declaration_list
    (type_item name: (type_identifier) @name type: (_) @type) @definition.alias))
  (#set! bare "no"))
(type_item name: (type_identifier) @name type: (_) @type) @definition.alias

((macro_definition name: (identifier) @name) @definition.macro
  (#set! suffix "!"))

((enum_variant name: (identifier) @name) @definition.constant
  (#set! holds "instance"))
(enum_variant name: (identifier) @name body: (ordered_field_declaration_list) @payload)
(struct_item body: (ordered_field_declaration_list) @payload)

(field_declaration name: (field_identifier) @name type: (_) @type) @definition.field

; a method of a trait gives way to one of the type's own
((impl_item
  trait: (_) @of
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters . (self_parameter)) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))
  (#set! modifiers "override"))

((impl_item
  trait: (_) @of
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters . (parameter pattern: (self))) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))
  (#set! modifiers "override"))

((impl_item
  trait: (_) @of
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))
  (#set! modifiers "static override"))

; methods of an impl are declared outside of their type; those without self are static
(impl_item
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters . (self_parameter)) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))

(impl_item
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters . (parameter pattern: (self))) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))

((impl_item
  type: (_) @receiver
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))
  (#set! modifiers "static"))

(impl_item
  type: (_) @receiver
  body: (declaration_list
    (const_item
      name: (identifier) @name
      type: (_) @type
      value: (_)? @value) @definition.constant))

(trait_item
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters . (self_parameter)) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))

((trait_item
  body: (declaration_list
    (function_item
      name: (identifier) @name
      parameters: (parameters) @parameters
      return_type: (_)? @type
      body: (_) @body) @definition.method))
  (#set! modifiers "static"))

(trait_item
  body: (declaration_list
    (function_signature_item
      name: (identifier) @name
      parameters: (parameters . (self_parameter)) @parameters
      return_type: (_)? @type) @definition.method))

((trait_item
  body: (declaration_list
    (function_signature_item
      name: (identifier) @name
      parameters: (parameters) @parameters
      return_type: (_)? @type) @definition.method))
  (#set! modifiers "static"))

(function_item
  name: (identifier) @name
  parameters: (parameters) @parameters
  return_type: (_)? @type
  body: (_) @body) @definition.function

(function_signature_item
  name: (identifier) @name
  parameters: (parameters) @parameters
  return_type: (_)? @type) @definition.function

(closure_expression
  parameters: (closure_parameters) @parameters
  return_type: (_)? @type
  body: (_) @body) @definition.function

(const_item name: (identifier) @name type: (_) @type value: (_)? @value) @definition.constant
(static_item name: (identifier) @name type: (_) @type value: (_)? @value) @definition.variable

(impl_item trait: (_) @base type: (_) @type) @implement
; a macro implements a trait for types that it is given
(macro_rule right: (_ (token_repetition "impl" (identifier) @base . "for" . [(metavariable) (token_tree)]))) @implement
(macro_rule right: (_ "impl" (identifier) @base . "for" . [(metavariable) (token_tree)])) @implement

(type_parameter name: (type_identifier) @name) @type_parameter
(type_parameter name: (type_identifier) @name bounds: (trait_bounds (_) @type)) @type_parameter
(where_predicate left: (type_identifier) @name bounds: (trait_bounds (_) @type)) @type_parameter
(where_predicate left: (scoped_type_identifier) @projection bounds: (trait_bounds (_) @type)) @type_parameter

(attribute_item) @decorate

(impl_item) @scope.block
(block) @scope.block
(if_expression) @scope.block
(while_expression) @scope.block
(for_expression) @scope.block
(match_arm) @scope.block

; a type that a trait leaves to its implementations stands for its bounds
((associated_type name: (type_identifier) @name) @type_parameter
  (#set! bare "no"))
((associated_type name: (type_identifier) @name bounds: (trait_bounds (_) @type)) @type_parameter
  (#set! bare "no"))
