((local_declaration_statement
  (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @target
      (_)? @value) @bind.assign))
  (#set! declares "block"))

((local_declaration_statement
  (variable_declaration
    (variable_declarator
      (tuple_pattern) @target
      (_) @value) @bind.assign))
  (#set! declares "block"))

((using_statement
  (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @target
      (_)? @value) @bind.assign))
  (#set! declares "block"))

((for_statement
  initializer: (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @target
      (_)? @value) @bind.assign))
  (#set! declares "block"))

((foreach_statement
  type: (_) @type
  left: (_) @target
  right: (_) @value) @bind.each
  (#set! declares "block"))
((foreach_statement
  type: (_) @type
  left: (_) @target
  right: "this" @value) @bind.each
  (#set! declares "block"))

((declaration_pattern
  type: (_) @type
  name: (identifier) @target) @bind.assign
  (#set! declares "function"))

((recursive_pattern
  type: (_) @type
  name: (identifier) @target) @bind.assign
  (#set! declares "function"))

; what is not null, or anything
((is_pattern_expression
  expression: (_) @value
  pattern: [
    (recursive_pattern !type name: (identifier) @target)
    (declaration_pattern type: (implicit_type) name: (identifier) @target)]) @bind.assign
  (#set! declares "function"))

; `T(var a, var b)` takes an instance apart
((recursive_pattern
  type: (_) @value
  (positional_pattern_clause) @target) @bind.instance
  (#set! declares "function"))

; `is T { P: var p }`
((recursive_pattern
  type: (_) @value
  (property_pattern_clause
    (subpattern
      . (identifier) @member
      [(declaration_pattern type: (implicit_type) name: (identifier) @target) (recursive_pattern !type name: (identifier) @target)]))) @bind.attribute
  (#set! declares "function"))

((declaration_expression
  type: (_) @type
  name: (identifier) @target) @bind.assign
  (#set! declares "function"))

((catch_declaration
  type: (_) @value
  name: (identifier) @target) @bind.instance
  (#set! declares "block"))

; the members of what is being made, and elements under keys
(object_creation_expression
  initializer: (initializer_expression
    (assignment_expression left: [(identifier) (element_binding_expression)] @target right: (_) @value) @bind.member)) @holder
(implicit_object_creation_expression
  (initializer_expression
    (assignment_expression left: [(identifier) (element_binding_expression)] @target right: (_) @value) @bind.member)) @holder
(with_expression . (_) @holder
  (with_initializer . (identifier) @target (_) @value) @bind.member)

(assignment_expression
  left: (_) @target
  ["=" "??="]
  right: (_) @value) @bind.assign

((assignment_expression
  left: (_) @target
  ["+=" "-="]
  right: (_) @value) @bind.assign
  (#set! adds "yes"))

((if_statement
  condition: (is_expression
    left: (identifier) @target
    right: (_) @value)
  consequence: (_) @within) @narrow)

(return_statement (_) @value) @return
(return_statement "this" @value) @return
(arrow_expression_clause "this" @value) @return

((from_clause
  name: (identifier) @target
  (_) @value .) @bind.each
  (#set! declares "block"))

((let_clause . (identifier) @target (_) @value .) @bind.assign
  (#set! declares "block"))
((join_clause (identifier) @target . "in" . (_) @value) @bind.each
  (#set! declares "block"))
((join_clause "in" . (_) @value (join_into_clause (identifier) @target)) @bind.assign
  (#set! declares "block"))
((query_expression [(group_clause) (select_clause)] @value . "into" . (identifier) @target) @bind.assign
  (#set! declares "block"))

(yield_statement (_) @value) @yield
(yield_statement "this" @value) @yield
(arrow_expression_clause (_) @value) @return
(lambda_expression body: (expression) @value) @return

; what is assigned to a property
((property_declaration
  type: (_) @type
  accessors: (accessor_list (accessor_declaration ["set" "init"] @bind.assign)))
  (#set! name "value"))
((indexer_declaration
  type: (_) @type
  accessors: (accessor_list (accessor_declaration ["set" "init"] @bind.assign)))
  (#set! name "value"))
((event_declaration
  type: (_) @type
  accessors: (accessor_list (accessor_declaration ["add" "remove"] @bind.assign)))
  (#set! name "value"))
