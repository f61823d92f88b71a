((type_definition
  type: (struct_specifier !name body: (_) @body) @definition.struct
  declarator: (type_identifier) @name))
((type_definition
  type: (union_specifier !name body: (_) @body) @definition.struct
  declarator: (type_identifier) @name))
((type_definition
  type: (enum_specifier !name body: (_) @body) @definition.enum
  declarator: (type_identifier) @name))

(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_) @body) @definition.enum
(struct_specifier !name body: (_) @body) @definition.struct
(union_specifier !name body: (_) @body) @definition.struct
(enum_specifier !name body: (_) @body) @definition.enum

((enumerator name: (identifier) @name value: (_)? @value) @definition.constant
  (#set! declares "file"))

(type_definition
  type: [(struct_specifier name: (_)) (union_specifier name: (_)) (enum_specifier name: (_)) (type_identifier) (primitive_type) (sized_type_specifier)] @type
  declarator: (_) @declarator) @definition.alias

(preproc_function_def name: (identifier) @name parameters: (_) @parameters) @definition.macro
(preproc_def name: (identifier) @name value: (_)) @definition.macro

; what a macro defines that is given a group and a name: `TEST(Group, name) {…}`; the group of others may be a class
((translation_unit
  (function_definition
    !type
    declarator: (function_declarator
      declarator: (identifier) @when
      parameters: (parameter_list
        .
        (parameter_declaration type: (type_identifier) !declarator)
        .
        (parameter_declaration type: (type_identifier) @name !declarator)
        .))
    body: (_) @body) @definition.function)
  (#set! when "TEST")
  (#set! declares "nowhere"))

((declaration_list
  (function_definition
    !type
    declarator: (function_declarator
      declarator: (identifier) @when
      parameters: (parameter_list
        .
        (parameter_declaration type: (type_identifier) !declarator)
        .
        (parameter_declaration type: (type_identifier) @name !declarator)
        .))
    body: (_) @body) @definition.function)
  (#set! when "TEST")
  (#set! declares "nowhere"))

((translation_unit
  (function_definition
    !type
    declarator: (function_declarator
      declarator: (identifier)
      parameters: (parameter_list
        .
        (parameter_declaration type: (type_identifier) @receiver !declarator)
        .
        (parameter_declaration type: (type_identifier) @name !declarator)
        .))
    body: (_) @body) @definition.function))

((declaration_list
  (function_definition
    !type
    declarator: (function_declarator
      declarator: (identifier)
      parameters: (parameter_list
        .
        (parameter_declaration type: (type_identifier) @receiver !declarator)
        .
        (parameter_declaration type: (type_identifier) @name !declarator)
        .))
    body: (_) @body) @definition.function))

((function_definition
  type: (_)? @type
  declarator: (_) @declarator
  body: (_) @body) @definition.function
  (#set! of "function"))

((declaration
  type: (_) @type
  declarator: (_) @declarator @definition.function) @whole
  (#set! of "function")
  (#set! modifiers "declaration"))

(compound_statement) @scope.block
(for_statement) @scope.block
