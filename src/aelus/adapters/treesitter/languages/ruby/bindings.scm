(assignment left: (_) @target right: (_) @value) @bind.assign
(operator_assignment left: (_) @target right: (_) @value) @bind.assign

(for pattern: (_) @target value: (_) @value) @bind.each

(rescue
  exceptions: (_) @value
  variable: (exception_variable (_) @target)) @bind.instance

(return (argument_list (_) @value)) @return
(method body: (_) @value) @return
(singleton_method body: (_) @value) @return
(block body: (_) @value) @return
(do_block body: (_) @value) @return

; patterns
(as_pattern value: (_) @value name: (identifier) @target) @bind.instance

((case_match
  value: (_) @value
  clauses: (in_clause pattern: (identifier) @target)) @bind.assign)

((case_match
  value: (_) @value
  clauses: (in_clause pattern: (array_pattern) @target)) @bind.assign)

((hash_pattern
  class: (_) @value
  (keyword_pattern
    key: (hash_key_symbol) @member @target
    !value)) @bind.attribute)

((hash_pattern
  class: (_) @value
  (keyword_pattern
    key: (hash_key_symbol) @member
    value: (identifier) @target)) @bind.attribute)

((alias
  name: [(identifier) (simple_symbol) (operator) (setter)] @target
  alias: [(identifier) (simple_symbol) (operator) (setter)] @value) @bind.assign
  (#set! of "receiver")
  (#set! declares "block"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @target . (simple_symbol) @value)) @bind.assign
  (#set! when "alias_method")
  (#set! of "receiver")
  (#set! declares "block"))
