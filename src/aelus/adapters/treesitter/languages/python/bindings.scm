(assignment
  left: (_) @target
  type: (_)? @type
  right: (_)? @value) @bind.assign

; Name: TypeAlias = "A | B"
((assignment
  left: (identifier) @target
  type: (type) @when
  right: (string) @value) @bind.assign
  (#set! when "TypeAlias|typing.TypeAlias|typing_extensions.TypeAlias")
  (#set! reads "type"))

; `x += y` stores what the operator makes
(augmented_assignment
  left: (_) @target) @bind.assign @value

(named_expression
  name: (_) @target
  value: (_) @value) @bind.assign

(for_statement
  left: (_) @target
  right: (_) @value) @bind.each

((for_in_clause
  left: (_) @target
  right: (_) @value) @bind.each
  (#set! declares "block"))

(with_statement
  "async"? @awaits
  (with_clause
    (with_item
      value: (as_pattern
        (_) @value
        alias: (as_pattern_target (_) @target))) @bind.enter))

(try_statement
  body: (block) @within
  (except_clause
    value: (as_pattern
      (_) @value
      alias: (as_pattern_target (_) @target))) @bind.caught)

(raise_statement . (_) @value) @raise

; match: a captured name holds the subject, or an instance of the class of its pattern
(match_statement
  subject: (_) @value
  body: (block
    (case_clause
      (case_pattern (dotted_name . (identifier) @target .)) @bind.assign)))

(match_statement
  subject: (_) @value
  body: (block (case_clause (case_pattern
    [(list_pattern (case_pattern (dotted_name . (identifier) @target .)))
     (tuple_pattern (case_pattern (dotted_name . (identifier) @target .)))
     (dict_pattern value: (case_pattern (dotted_name . (identifier) @target .)))])))) @bind.part

(as_pattern
  (case_pattern (class_pattern (dotted_name) @value))
  (identifier) @target) @bind.instance

(match_statement
  subject: (identifier) @target
  body: (block (case_clause
    (case_pattern [
      (class_pattern . (dotted_name) @value)
      (as_pattern (case_pattern (class_pattern . (dotted_name) @value)))
      (union_pattern (class_pattern . (dotted_name) @value) .)])
    consequence: (block) @within))) @narrow

(class_pattern
  . (dotted_name) @value
  (case_pattern (dotted_name . (identifier) @target .)) @part) @bind.attribute

(class_pattern
  . (dotted_name) @value
  (case_pattern (keyword_pattern (identifier) @member (dotted_name . (identifier) @target .)))) @bind.attribute

(list_pattern
  (case_pattern [(dotted_name . (identifier) @target .) (splat_pattern (identifier) @target)])) @bind.assign

(tuple_pattern
  (case_pattern [(dotted_name . (identifier) @target .) (splat_pattern (identifier) @target)])) @bind.assign

(dict_pattern
  value: (case_pattern (dotted_name . (identifier) @target .))) @bind.assign

(return_statement (_) @value) @return
(yield "from" (_) @value) @yield.from
(yield (_)? @value) @yield
(lambda body: (_) @value) @return

(global_statement (identifier) @target) @outside.global
(nonlocal_statement (identifier) @target) @outside.nonlocal

; x is f, x is not f: what names a function or class, is that one or another one
((comparison_operator . (identifier) @target operators: "is" . [(identifier) (attribute)] @value .) @narrow
  (#set! by "same") (#set! both "yes"))
((comparison_operator . (identifier) @target operators: "is not" . [(identifier) (attribute)] @value .) @narrow
  (#set! by "same") (#set! both "yes") (#set! unless "yes"))

; isinstance(x, C) decides what x is, and is not, where it is known to have succeeded or failed
((call function: (identifier) @when arguments: (argument_list . (identifier) @target . (_) @value .)) @narrow
  (#set! when "isinstance") (#set! by "instance") (#set! both "yes"))

