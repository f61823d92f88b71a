(call function: (_) @callee) @reference.call

(type) @reference.type @value
(class_pattern (dotted_name) @value) @reference.type
(except_clause value: [(identifier) (attribute) (tuple)] @value) @reference.type
(except_clause value: (as_pattern . (_) @value)) @reference.type

((interpolation expression: (_) @value) @reference.format (#set! without "type_conversion"))
(interpolation expression: (_) @value (type_conversion) @when (#set! when "!r")) @reference.represent
(interpolation expression: (_) @value (type_conversion) @when (#set! when "!s")) @reference.write
; "%s" % value, "{}".format(value)
(binary_operator left: (string) @text operator: "%" @word right: (_) @value) @reference.insert
(call
  function: (attribute object: (string) @text attribute: (identifier) @word @when)
  arguments: (argument_list) @value
  (#set! when "format")) @reference.insert
(raise_statement . [(identifier) (attribute)] @callee) @reference.call

; operations that may run a method
(binary_operator) @reference.operation
(comparison_operator) @reference.operation
(unary_operator) @reference.operation
(augmented_assignment) @reference.operation
(subscript) @reference.operation
(for_statement right: (_) @value) @reference.iterate
(for_in_clause right: (_) @value) @reference.iterate
(yield "from" (_) @value) @reference.iterate
(list_splat [(identifier) (attribute) (call) (subscript)] @value) @reference.iterate
(assignment
  left: [(pattern_list) (tuple_pattern) (list_pattern)]
  right: [(identifier) (attribute) (call) (subscript)] @value) @reference.iterate
(with_statement "async"? @awaits (with_clause (with_item value: (as_pattern . (_) @value)) @reference.enter))
(with_statement "async"? @awaits (with_clause (with_item value: [(call) (identifier) (attribute)] @value) @reference.enter))
(delete_statement [(subscript) (attribute)] @value) @reference.delete
(delete_statement (expression_list [(subscript) (attribute)] @value)) @reference.delete
(module (attribute) @value) @reference.read
((case_pattern (dotted_name (identifier) . (identifier)) @value) @reference.read)
(subscript value: (identifier) @value) @reference.read
(subscript subscript: [(identifier) (attribute)] @value) @reference.read
(block (attribute) @value) @reference.read
(subscript value: (attribute) @value) @reference.read
(for_statement right: (attribute) @value) @reference.read
(for_in_clause right: (attribute) @value) @reference.read
(with_item value: (attribute) @value) @reference.read
(with_item value: (as_pattern . (attribute) @value)) @reference.read
(conditional_expression (attribute) @value) @reference.read
(assert_statement (attribute) @value) @reference.read
(raise_statement (attribute) @value) @reference.read
(slice (attribute) @value) @reference.read

; keys
(dictionary (pair key: (_) @value) @reference.hash)
(set (_) @value) @reference.hash
(dictionary_comprehension body: (pair key: (_) @value)) @reference.hash
(set_comprehension body: (_) @value) @reference.hash

; a value whose truth is asked for
(if_statement condition: (_) @value) @reference.truth
(elif_clause condition: (_) @value) @reference.truth
(while_statement condition: (_) @value) @reference.truth
(not_operator argument: (_) @value) @reference.truth
(boolean_operator left: (_) @value) @reference.truth
(conditional_expression . (_) . (_) @value) @reference.truth
(if_clause (_) @value) @reference.truth
(assert_statement . (_) @value) @reference.truth
