((declaration
  type: (_) @type
  declarator: (init_declarator
    declarator: (_) @declarator
    value: (_) @value)) @bind.assign
  (#set! declares "block"))

((declaration
  type: (_) @type
  declarator: [(identifier) (pointer_declarator) (array_declarator) (function_declarator)] @declarator) @bind.assign
  (#set! declares "block"))

((field_declaration
  type: (_) @type
  declarator: (_) @declarator) @bind.assign
  (#set! declares "block"))

(assignment_expression
  left: (_) @target
  right: (_) @value) @bind.assign

(update_expression argument: (identifier) @target) @bind.step
(assignment_expression left: (identifier) @target right: (binary_expression)) @bind.step

(return_statement (_) @value) @return

; `#define f g`: the one name stands for the other
((preproc_def name: (identifier) @target value: (preproc_arg) @value) @bind.assign
  (#set! left_out "skipped"))
