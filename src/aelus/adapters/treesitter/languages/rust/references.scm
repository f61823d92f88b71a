; what stands where items do is read as items
((source_file (macro_invocation (token_tree) @value) @reparse)
  (#set! reads "items"))
((mod_item body: (declaration_list (macro_invocation (token_tree) @value) @reparse))
  (#set! reads "items"))
((macro_invocation macro: (identifier) @when (token_tree) @value) @reparse
  (#set! when "matches|assert_matches|debug_assert_matches")
  (#set! reads "tested"))
(macro_invocation (token_tree) @value) @reparse

(call_expression function: (_) @callee) @reference.call
(macro_invocation macro: (_) @callee) @reference.call
(struct_expression name: (_) @callee) @reference.call

; what is put into a text
(macro_invocation macro: (identifier) @word) @reference.insert
((call_expression
  function: (field_expression value: (_) @value field: (field_identifier) @when)
  arguments: (arguments . ")")) @reference.write
  (#set! when "to_string"))

; the rest of the fields is taken from a value of the same type
(struct_expression
  name: (_) @type
  body: (field_initializer_list (base_field_initializer (_) @value))) @reference.expect

; an error is made one that the function returns
((try_expression) @reference.convert
  (#set! calls "into")
  (#set! wraps "Err")
  (#set! key "1"))

(binary_expression) @reference.operation
(compound_assignment_expr) @reference.operation
(index_expression) @reference.operation
(unary_expression) @reference.operation
(for_expression value: (_) @value) @reference.iterate

(type_identifier) @reference.type @value
(scoped_type_identifier) @reference.type @value
(generic_type) @reference.type @value

(field_expression value: (_) @value) @reference.read
(if_expression condition: (_) @value) @reference.read
(match_expression value: (_) @value) @reference.read
(binary_expression (identifier) @value) @reference.read
