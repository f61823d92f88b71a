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

((alias
  name: (identifier) @target
  alias: (identifier) @value) @bind.assign
  (#set! of "receiver")
  (#set! declares "block"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @target . (simple_symbol) @value)) @bind.assign
  (#set! when "alias_method")
  (#set! of "receiver")
  (#set! declares "block"))
